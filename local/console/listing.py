# SPDX-License-Identifier: MIT-0
"""The executions of the endpoint, the newest first, and the filter of their list."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from inspect_execution.histories.recording import WITHHELD
from inspect_execution.reading.redaction import Redaction
from inspect_execution.status import Status

from ..durable.execution import DurableExecution
from ..endpoint.endpoint import Endpoint
from ..step_functions.callback_task import without_tokens
from ..step_functions.interpreter import interpreter_backend
from .view import is_durable

PAGE_ITEMS = 50


@dataclass(frozen=True)
class ListedExecution:
    """An execution of a state machine, or of a durable function that no state machine invoked.

    Args:
        owner: the name of the state machine, or of the function with its version
        seconds: how long it took, or has taken, in modelled time
    """

    arn: str
    owner: str
    name: str
    status: Status
    started: datetime
    seconds: float
    input: str
    output: str

    @property
    def is_durable(self) -> bool:
        return "/durable-execution/" in self.arn


@dataclass(frozen=True)
class Filter:
    """Which executions are wanted.

    Args:
        name: a part of the name of the execution, or of its state machine or function
        text: a part of its input or output, such as the id of an order
    """

    status: str = ""
    name: str = ""
    text: str = ""

    def wants(self, execution: ListedExecution) -> bool:
        names = f"{execution.owner} {execution.name}".lower()
        texts = f"{execution.input}\n{execution.output}".lower()
        return (
            (not self.status or execution.status.value == self.status)
            and self.name.lower() in names
            and self.text.lower() in texts
        )


def state_machines() -> list[Any]:
    """The interpreter's state machines, in the order of their names."""
    return sorted(interpreter_backend().state_machines, key=lambda machine: str(machine.name))


def listed_executions(endpoint: Endpoint) -> list[ListedExecution]:
    """Every execution that has a page, the newest first."""
    found = [*_of_state_machines(endpoint), *_of_functions(endpoint)]
    return sorted(found, key=lambda execution: execution.started, reverse=True)


def _of_state_machines(endpoint: Endpoint) -> Iterator[ListedExecution]:
    for machine in state_machines():
        for execution in list(machine.executions):
            # Read first: an execution that ends now has its other fields before its status.
            status = str(execution.status)
            ended = execution.stop_date if status != "RUNNING" else None
            end = ended or now_of(endpoint, execution.exec_arn)
            yield ListedExecution(
                arn=execution.exec_arn,
                owner=machine.name,
                name=execution.name,
                status=Status.parse(status),
                started=execution.start_date,
                seconds=(end - execution.start_date).total_seconds(),
                input=_clean(execution.execution_input),
                output=_clean(
                    json.dumps(execution.output, ensure_ascii=False)
                    if status == "SUCCEEDED"
                    else f"{execution.error or ''} {execution.cause or ''}"
                ),
            )


def _of_functions(endpoint: Endpoint) -> Iterator[ListedExecution]:
    """Those of durable functions that were invoked by hand: no execution has the same clock."""
    clocks = endpoint.clocks
    taken = {
        clocks.of(execution.exec_arn)
        for machine in state_machines()
        for execution in list(machine.executions)
        if clocks.knows(execution.exec_arn)
    }
    service = endpoint.lambda_service
    for function in service.functions.latest():
        for execution in service.durable_executions.of_function(function.name):
            arn = execution.durable_execution_arn
            if clocks.knows(arn) and clocks.of(arn) not in taken:
                yield _durable(endpoint, execution)


def _durable(endpoint: Endpoint, execution: DurableExecution) -> ListedExecution:
    arn, given, result = execution.durable_execution_arn, execution.start_input, execution.result
    ended = execution.get_operation_execution_started().end_timestamp
    end = ended or now_of(endpoint, arn)
    error = result.error if result else None
    output = f"{error.type}: {error.message}" if error else (result and result.result) or ""
    return ListedExecution(
        arn=arn,
        owner=f"{given.function_name}:{given.function_qualifier}",
        name=given.execution_name,
        status=Status.parse(execution.status()),
        started=execution.started,
        seconds=(end - execution.started).total_seconds(),
        # The endpoint may have forgotten the execution whose token it holds.
        input=_clean(Redaction.knowing(()).also(given.input).apply(given.input or "")),
        output=_clean(output),
    )


def input_of(endpoint: Endpoint, arn: str) -> str:
    """The input of an execution, without task tokens; nothing if there is no such execution."""
    if is_durable(arn):
        executions = endpoint.lambda_service.durable_executions
        return _durable(endpoint, executions.get(arn)).input if executions.exists(arn) else ""
    found = (each for each in listed_executions(endpoint) if each.arn == arn)
    return next((each.input for each in found), "")


def latest_input(endpoint: Endpoint, function: str) -> str:
    """The input of a function's newest durable execution, without task tokens; `{}` without one."""
    executions = endpoint.lambda_service.durable_executions.of_function(function)
    newest = max(executions, key=lambda execution: execution.started, default=None)
    return _durable(endpoint, newest).input if newest else "{}"


def now_of(endpoint: Endpoint, arn: str) -> datetime:
    """The modelled time of an execution; real time if the endpoint has forgotten it."""
    clocks = endpoint.clocks
    return clocks.of(arn).now() if clocks.knows(arn) else datetime.now(UTC)


def _clean(text: str) -> str:
    return without_tokens(text, WITHHELD)
