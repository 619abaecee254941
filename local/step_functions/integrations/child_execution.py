# SPDX-License-Identifier: MIT-0
"""The execution that a task has started and waits for: startExecution.sync and .sync:2.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
"""

import json
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError
from moto.stepfunctions.parser import models
from moto.stepfunctions.parser.api import TaskTimedOut
from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackOutcomeSuccess

from ...environment import environment
from ...service_models import service_model
from ..callback_task import CallbackTask
from .errors import TaskError
from .values import OPTIMIZED

EXPRESS_RESOURCE = "express"
# As recorded: no other field of DescribeExecution.
_FIELDS = [
    "cause",
    "error",
    "executionArn",
    "input",
    "inputDetails",
    "name",
    "output",
    "outputDetails",
    "startDate",
    "stateMachineArn",
    "status",
    "stopDate",
]


def wait_for_child(client: Any, arn: str, task: CallbackTask, timeout_seconds: float) -> bool:
    """Wait until the child execution has ended, and return whether it has.

    A task that ends before its child, because its execution is stopped or it has timed out, stops
    the child, if the role may.

    Args:
        client: Step Functions' client of the state machine's role
        task: what wakes the waiting thread
    """
    if arn.split(":")[5] == EXPRESS_RESOURCE:
        # Step Functions itself refuses to describe an execution of an Express state machine.
        client.describe_execution(executionArn=arn)
    here = environment()
    backend = models.stepfunctions_parser_backends[here.account][here.region]
    child = backend.describe_execution(arn)
    child.when_ended(lambda: _wake(task))
    task.wait(timeout_seconds)
    task.interrupt_all()
    if child.has_ended:
        return True
    with suppress(ClientError):
        client.stop_execution(executionArn=arn)
    return False


def _wake(task: CallbackTask) -> None:
    with suppress(TaskTimedOut):
        task.notify(CallbackOutcomeSuccess(task.callback_id, "null"))


def child_result(client: Any, arn: str, *, is_parsed: bool) -> dict[str, Any]:
    """The result of the task: the description of its child.

    Args:
        is_parsed: whether Input and Output are values, else JSON texts

    Raises:
        TaskError: the child has ended in another way than SUCCEEDED
    """
    answer = client.describe_execution(executionArn=arn)
    shape = service_model("stepfunctions").operation_model("DescribeExecution").output_shape
    described: dict[str, Any] = OPTIMIZED.result(
        shape, {name: answer[name] for name in _FIELDS if name in answer}
    )
    for name in ("Input", "Output") if is_parsed else ():
        if name in described:
            described[name] = json.loads(described[name])
    if described["Status"] != "SUCCEEDED":
        cause = json.dumps(described, separators=(",", ":"), ensure_ascii=False)
        raise TaskError("States.TaskFailed", cause)
    return described
