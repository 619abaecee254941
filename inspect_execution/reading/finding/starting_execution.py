# SPDX-License-Identifier: MIT-0
"""The Step Functions execution that started a durable execution.

No call of AWS's API goes from one to the other. The state machines whose definitions name the
function are searched for the execution that correlates with the durable execution.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice

from ...histories.correlation import CLOCK_TOLERANCE, correlate
from ...histories.durable_history import read_durable_history
from ...histories.execution_history import read_execution_history
from ...histories.lambda_tasks import lambda_tasks
from ...histories.recording import Recording
from ...text import count
from ..aws_api import AwsApi
from ..execution_arn import ExecutionArn
from ..recorder import record_durable_execution, record_execution
from .durable_arn import DurableArn

MAX_MACHINES = 100
# Of one state machine, the newest that are looked at; and of all, those that are read.
MAX_LISTED, MAX_READ = 1_000, 20


def record_with_starter(api: AwsApi, arn: DurableArn) -> Recording:
    """Record the execution that started a durable execution; if none is found, the latter alone.

    Raises:
        ApiCallFailed: the durable execution, the state machines or their executions have no answer
    """
    started: datetime = api.durable_execution(arn.text)["StartTimestamp"]
    candidates = sorted(_candidates(api, arn.function, started), reverse=True)
    for _, text in candidates[:MAX_READ]:
        recording = record_execution(api, ExecutionArn.parse(text), handler_logs=True)
        if _has_started(recording, arn.text):
            return recording
    alone = record_durable_execution(api, arn.text)
    searched = count(len(candidates[:MAX_READ]), "execution")
    reason = f"the Step Functions execution that started it: searched {searched}"
    return replace(alone, omissions=[*alone.omissions, reason])


def _candidates(api: AwsApi, function: str, time: datetime) -> Iterator[tuple[datetime, str]]:
    """The executions that ran at that time, of the state machines that name the function."""
    for machine in islice(api.state_machines(), MAX_MACHINES):
        arn = str(machine["stateMachineArn"])
        if machine.get("type") == "EXPRESS" or function not in api.machine_definition(arn):
            continue
        for each in islice(api.executions(arn), MAX_LISTED):
            latest = (each.get("stopDate") or time) + CLOCK_TOLERANCE
            if each["startDate"] - CLOCK_TOLERANCE <= time <= latest:
                yield each["startDate"], str(each["executionArn"])


def _has_started(recording: Recording, durable_arn: str) -> bool:
    history = read_execution_history(recording.events, str(recording.execution["status"]))
    read = (read_durable_history(record) for record in recording.durable)
    executions = {each.arn: each for each in read if each}
    correlations = correlate(lambda_tasks(history), executions, recording.read_at)
    return any(each.arn == durable_arn for each in correlations)
