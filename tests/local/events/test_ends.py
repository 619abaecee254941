# SPDX-License-Identifier: MIT-0
"""The end of an endpoint: its pollers, batches and deliveries end with it."""

import threading
from pathlib import Path

from ...support.assemblies.event_apps import arn, event_app, noting, permission, ref, resource
from ...support.assemblies.hand_made import Resources, role

HANG = "def act(event):\n    import time\n    time.sleep(60)"


def resources(notes: Path) -> Resources:
    return {
        "FunctionRole": role(
            "lambda.amazonaws.com",
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
        ),
        "Queue": resource("SQS::Queue", VisibilityTimeout=120),
        "Hangs": noting(notes, "Hangs", HANG, Timeout=100),
        "Mapping": resource(
            "Lambda::EventSourceMapping", EventSourceArn=arn("Queue"), FunctionName=ref("Hangs")
        ),
        "Rule": resource(
            "Events::Rule",
            EventPattern={"source": ["shop"]},
            Targets=[{"Id": "0", "Arn": arn("Hangs")}],
        ),
        "Permission": permission("Hangs", "events", arn("Rule")),
    }


def test_no_thread_outlives_its_endpoint(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with event_app(tmp_path, resources) as app:
        app.send("Queue", "message")
        entry = {"Source": "shop", "DetailType": "order", "Detail": "{}"}
        app.client("events").put_events(Entries=[entry])
        app.wait_for_events("Hangs", 2)
        during = {thread.name for thread in set(threading.enumerate()) - before}
    left = [
        thread.name
        for thread in set(threading.enumerate()) - before
        if thread.name.startswith(("batch", "deliveries", "poller"))
    ]

    assert {"batch-Events-Mapping", "deliveries", "poller-Events-Mapping"} <= during
    assert left == []
