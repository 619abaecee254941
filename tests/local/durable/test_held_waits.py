# SPDX-License-Identifier: MIT-0
"""The hold of a wait, on which it rests that the acceptance tests act during one here, too."""

import json
import threading

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from ...support.functions.held_waits import HeldWaits

HELD_SECONDS = 0.2
CHECKPOINT = "/2025-12-01/durable-executions/arn/checkpoint"


def request(path: str, body: object, target: str = "") -> Request:
    headers = [("X-Amz-Target", target)]
    builder = EnvironBuilder(path=path, method="POST", data=json.dumps(body), headers=headers)
    return Request({**builder.get_environ(), "RAW_URI": path})


def begin(wait: str) -> Request:
    return request(CHECKPOINT, {"Updates": [{"Name": wait, "Type": "WAIT", "Action": "START"}]})


@pytest.mark.parametrize("asked", ["DescribeExecution", "StopExecution"])
def test_the_orders_wait_is_held_until_somebody_asks_how_it_ended(asked: str) -> None:
    held, served = HeldWaits(), threading.Event()

    def serve() -> Response:
        served.set()
        return Response("{}")

    waits = threading.Thread(target=held.intercept, args=(begin("wait_for_fulfilment"), serve))
    waits.start()
    assert served.wait(10)
    held.intercept(request("/", {}, "AWSStepFunctions.GetExecutionHistory"), serve)
    waits.join(HELD_SECONDS)
    assert waits.is_alive()

    held.intercept(request("/", {}, f"AWSStepFunctions.{asked}"), serve)
    waits.join(10)
    assert not waits.is_alive()


def test_no_other_wait_is_held() -> None:
    arguments = (begin("wait_for_cooling_off"), lambda: Response("{}"))
    waits = threading.Thread(target=HeldWaits().intercept, args=arguments, daemon=True)
    waits.start()
    waits.join(10)

    assert not waits.is_alive()
