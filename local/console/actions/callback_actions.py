# SPDX-License-Identifier: MIT-0
"""Actions that answer a waiting callback. No task token and no callback id reaches a page."""

import hashlib
from collections.abc import Iterator
from typing import Any

from aws_durable_execution_sdk_python.lambda_service import OperationStatus, OperationType

from ...durable.execution import DurableExecution
from ...endpoint.endpoint import Endpoint
from ...step_functions.callback_task import CallbackTask
from ..commands import (
    ERROR_OBJECT,
    FAILURE,
    STANDARD_INPUT,
    ShownCommand,
    TypedArgument,
    aws_command,
    with_input,
)
from .action import Action, Field, Given, error_of_form, filled

TOKEN, CALLBACK_ID = "TASK_TOKEN", "CALLBACK_ID"
_RESULT = (Field("output", "Output, as JSON", "{}", is_json=True),)
# The SDK gives the handler what it gets, unless a serializer is configured.
_TEXT_RESULT = (Field("output", "Result: the handler gets this text"),)
_FAILURE = (Field("error", "Error"), Field("cause", "Cause"))


def task_actions(endpoint: Endpoint, execution: Any) -> Iterator[Action]:
    """Answers to the tasks of an execution that wait for a callback.

    Args:
        execution: the interpreter's
    """
    for token in execution.exec_worker.env.callback_pool_manager.tokens():
        task, waiter = CallbackTask.by_token.get(token), CallbackTask.waiter_of.get(token)
        if task is not None and waiter is not None and not task.is_closed:
            yield from _task_answers(endpoint, token, waiter)


def callback_actions(
    endpoint: Endpoint, execution: DurableExecution, name: str
) -> Iterator[Action]:
    """Answers to the callbacks that a durable execution waits for; their labels have its name."""
    if execution.is_complete:
        return
    for operation in list(execution.operations):
        details = operation.callback_details
        if (
            operation.operation_type is OperationType.CALLBACK
            and operation.status is OperationStatus.STARTED
            and details is not None
            and details.callback_id
        ):
            where = f"{operation.name or 'callback'} of {name}"
            yield from _callback_answers(endpoint, details.callback_id, where)


def _task_answers(endpoint: Endpoint, token: str, waiter: str) -> Iterator[Action]:
    client = endpoint.client("stepfunctions")

    def succeed(given: Given) -> object:
        return client.send_task_success(taskToken=token, output=given["output"])

    def fail(given: Given) -> object:
        return client.send_task_failure(taskToken=token, **filled(**given))

    yield Action(
        key=f"succeed {_reference(token)}",
        label=f"Answer {waiter}",
        question=f"Answer the task of {waiter} with success? Its state goes on with this output. "
        "Later answers with its task token are then refused: only the first counts.",
        command=aws_command(
            endpoint,
            "stepfunctions",
            "send-task-success",
            # The AWS CLI has an --output of its own.
            TypedArgument("--task-output", "output"),
            task_token=TOKEN,
        ),
        act=succeed,
        fields=_RESULT,
    )
    yield Action(
        key=f"fail {_reference(token)}",
        label=f"Fail {waiter}",
        question=f"Answer the task of {waiter} with a failure? Its Retry and Catch apply.",
        command=aws_command(
            endpoint, "stepfunctions", "send-task-failure", *FAILURE, task_token=TOKEN
        ),
        act=fail,
        fields=_FAILURE,
        is_destructive=True,
    )


def _callback_answers(endpoint: Endpoint, callback_id: str, where: str) -> Iterator[Action]:
    client = endpoint.client("lambda")

    def succeed(given: Given) -> object:
        return client.send_durable_execution_callback_success(
            CallbackId=callback_id, Result=given["output"].encode()
        )

    def fail(given: Given) -> object:
        return client.send_durable_execution_callback_failure(
            CallbackId=callback_id, **error_of_form(given)
        )

    def command(operation: str, *typed: TypedArgument, result: str = "") -> ShownCommand:
        return aws_command(
            endpoint, "lambda", operation, *typed, callback_id=CALLBACK_ID, result=result
        )

    yield Action(
        key=f"succeed {_reference(callback_id)}",
        label=f"Answer {where}",
        question=f"Answer the callback {where} with success?",
        command=with_input(
            TypedArgument("", "output"),
            command("send-durable-execution-callback-success", result=STANDARD_INPUT),
        ),
        act=succeed,
        fields=_TEXT_RESULT,
    )
    yield Action(
        key=f"fail {_reference(callback_id)}",
        label=f"Fail {where}",
        question=f"Answer the callback {where} with a failure?",
        command=command("send-durable-execution-callback-failure", ERROR_OBJECT),
        act=fail,
        fields=_FAILURE,
        is_destructive=True,
    )


def _reference(credential: str) -> str:
    """What a page has in place of a credential, from which that cannot be found."""
    return hashlib.sha256(credential.encode()).hexdigest()[:16]
