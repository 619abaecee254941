# SPDX-License-Identifier: MIT-0
"""Whether an execution has gone on since it was recorded, by few calls with short answers."""

from collections.abc import Iterable
from datetime import datetime

from ..histories.execution_history import read_execution_history
from ..histories.lambda_tasks import lambda_tasks
from ..histories.recording import DURABLE_ENDS, DurableRecord, Recording
from .aws_api import AwsApi
from .execution_arn import ExecutionArn


def has_changed(
    api: AwsApi, arn: ExecutionArn, recording: Recording, log_groups: Iterable[str]
) -> bool:
    """Whether another recording would hold more than this one.

    Raises:
        ApiCallFailed: a call has no answer
    """
    last = max((event["id"] for event in recording.events), default=0)
    return (
        api.execution(arn.text)["status"] != recording.execution["status"]
        or api.last_event_id(arn.text) != last
        or _awaits_durable_execution(recording)
        or any(_has_changed(api, record) for record in recording.durable)
        or any(_has_new_line(api, recording, group) for group in log_groups)
    )


def _awaits_durable_execution(recording: Recording) -> bool:
    """Whether a task may just be about to start a durable execution: no event would say so."""
    history = read_execution_history(recording.events, str(recording.execution["status"]))
    open_tasks = [task for task in lambda_tasks(history) if task.ended is None]
    running = [record for record in recording.durable if _is_running(record)]
    return len(open_tasks) > len(running)


def _is_running(record: DurableRecord) -> bool:
    return record.details.get("Status") not in DURABLE_ENDS.values()


def _has_changed(api: AwsApi, record: DurableRecord) -> bool:
    if not _is_running(record):
        return False
    # It may have ended after its status was read, and before its events were.
    if any(event.get("EventType") in DURABLE_ENDS for event in record.events):
        return True
    last = max((int(event.get("EventId", 0)) for event in record.events), default=0)
    return api.last_durable_event_id(record.arn) != last


def _has_new_line(api: AwsApi, recording: Recording, group: str) -> bool:
    known = [record for record in recording.log_records if record.group == group]
    start: datetime = recording.execution["startDate"]
    since = max((record.time for record in known), default=start)
    ids = {record.id for record in known}
    return any(str(event["eventId"]) not in ids for event in api.log_events(group, since))
