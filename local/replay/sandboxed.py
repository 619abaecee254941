# SPDX-License-Identifier: MIT-0
"""The program of a sandbox that replays: the deployed handler, under the deployed SDK, is stopped
before it does anything that is not in the recorded state.

Imports the durable SDK only once the path is that of the deployed code and its layers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from local.functions.lambda_runtime import program
from local.functions.lambda_runtime.context import LambdaContext
from local.functions.lambda_runtime.handler import Handler

# Small, so that nearly every history has several pages, as a long one has at AWS.
PAGE_OPERATIONS = 3
# An invocation ends when its handler does: the SDK looks ten times a second whether it has.
POLL_SECONDS = 0.005
# The code after these runs with results that no step has returned: no more of it than is needed.
MAX_STAND_INS = 3


def main() -> None:
    """Answer one replay a line, as a sandbox answers invocations."""
    program.main(replaying)


def replaying(handler: Handler) -> Handler:
    """A handler that takes a recorded state, and returns what the real one does from there."""

    def replay(event: Any, lambda_context: LambdaContext) -> Any:
        observed = _Observed(event["operations"])
        with _watched(observed, by_name=event["by_name"]):
            output = handler(_invocation(event), lambda_context)
        return {"asked": list(observed.asked.values()), "new": observed.new, "output": output}

    return replay


def _invocation(event: dict[str, Any]) -> Any:
    """What Lambda invokes a durable handler with, and a client that serves the recorded pages."""
    from aws_durable_execution_sdk_python.execution import (
        DurableExecutionInvocationInputWithClient,
        InitialExecutionState,
    )
    from aws_durable_execution_sdk_python.lambda_service import Operation, StateOutput

    operations = [Operation.from_json_dict(each) for each in event["operations"]]

    class Client:
        def checkpoint(self, *_: Any, **__: Any) -> Any:
            raise AssertionError("a replay makes no checkpoint")

        def get_execution_state(
            self,
            durable_execution_arn: str,
            checkpoint_token: str,
            next_marker: str,
            max_items: int = PAGE_OPERATIONS,
        ) -> StateOutput:
            start = int(next_marker)
            return StateOutput(operations[start : start + PAGE_OPERATIONS], marker(start))

    def marker(start: int) -> str:
        following = start + PAGE_OPERATIONS
        return str(following) if following < len(operations) else ""

    return DurableExecutionInvocationInputWithClient(
        durable_execution_arn=event["arn"],
        checkpoint_token="replay",
        initial_execution_state=InitialExecutionState(operations[:PAGE_OPERATIONS], marker(0)),
        service_client=Client(),
    )


@dataclass
class _Observed:
    """The operations that the handler asks for, in their order, and the first new one."""

    recorded: list[dict[str, Any]]
    asked: dict[str, dict[str, Any]] = field(default_factory=dict)
    new: dict[str, Any] | None = None
    _found: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    _stand_ins: int = 0

    def ask(self, identifier: Any) -> None:
        self.asked.setdefault(identifier.operation_id, _identity(identifier))

    def stop(self, update: Any = None) -> None:
        """End the invocation before an effect, as Lambda's own suspension does."""
        from aws_durable_execution_sdk_python.exceptions import SuspendExecution

        if update is not None and self.new is None and update.action.value == "START":
            self.new = _identity(update)
        raise SuspendExecution("the recorded state ends here")

    def find(self, identifier: Any) -> dict[str, Any] | None:
        """The recorded operation of that name, wherever it is among its siblings.

        The first few that are not recorded are answered as well: so the handler shows what it
        does next.
        """
        if identifier.operation_id not in self._found:
            self._found[identifier.operation_id] = self._search(_identity(identifier))
        return self._found[identifier.operation_id]

    def _search(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        parent = (self._found.get(asked["ParentId"]) or {}).get("Id", asked["ParentId"])
        taken = [found["Id"] for found in self._found.values() if found]
        for each in self.recorded:
            is_same = (each.get("Type"), each.get("Name")) == (asked["Type"], asked["Name"])
            if is_same and each.get("ParentId") == parent and each["Id"] not in taken:
                return _opened(each)
        if self._stand_ins == MAX_STAND_INS:
            return None
        self._stand_ins += 1
        return self._stand_in(asked)

    def _stand_in(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The recorded operation in the same place, if its type is the same, or else no result."""
        identity = (asked["Id"], asked["Type"])
        same = (each for each in self.recorded if (each["Id"], each["Type"]) == identity)
        answer = next(same, {**asked, "Status": "SUCCEEDED"})
        if asked["Type"] == "CALLBACK":
            answer = {"CallbackDetails": {"CallbackId": "replay"}, **answer}
        # The recorded id stays free for the operation itself.
        return {**answer, "Id": f"{asked['Id']} in place of it"}


def _opened(operation: dict[str, Any]) -> dict[str, Any]:
    """An operation that hides nothing: neither what comes after a wait nor what a context did."""
    if operation["Type"] == "WAIT":
        return {**operation, "Status": "SUCCEEDED"}
    if operation["Type"] == "CONTEXT" and operation["Status"] == "SUCCEEDED":
        details = {**operation["ContextDetails"], "ReplayChildren": True}
        return {**operation, "ContextDetails": details}
    return operation


def _identity(source: Any) -> dict[str, Any]:
    return {
        "Id": source.operation_id,
        "Type": source.operation_type.value,
        "SubType": source.sub_type,
        "Name": source.name or None,
        "ParentId": source.parent_id or None,
    }


@contextmanager
def _watched(observed: _Observed, *, by_name: bool) -> Iterator[None]:
    """Let nothing pass that would checkpoint or run a step, and note what is asked for."""
    from aws_durable_execution_sdk_python import state
    from aws_durable_execution_sdk_python.identifier import OperationIdentifier
    from aws_durable_execution_sdk_python.lambda_service import Operation, OperationType
    from aws_durable_execution_sdk_python.operation.base import OperationExecutor

    validate = OperationIdentifier.validate_checkpoint
    wrap = state.ExecutionState.wrap_user_function

    def note(self: Any, checkpoint: Any) -> None:
        observed.ask(self)
        if not by_name:
            validate(self, checkpoint)

    def stop_before_checkpoint(self: Any, operation_update: Any = None, **_: Any) -> None:
        observed.stop(operation_update)

    def stop_before_step(
        self: Any, function: Any, identifier: Any, *rest: Any, **named: Any
    ) -> Any:
        if identifier.operation_type is OperationType.STEP:
            return lambda *_, **__: observed.stop()
        return wrap(self, function, identifier, *rest, **named)

    def find(self: Any) -> Any:
        observed.ask(self.operation_identifier)
        found = observed.find(self.operation_identifier)
        if found is None:
            return state.CHECKPOINT_NOT_FOUND
        return state.CheckpointedResult.create_from_operation(Operation.from_json_dict(found))

    with (
        patch.object(state, "_STOP_SIGNAL_POLL_SECONDS", POLL_SECONDS),
        patch.object(OperationIdentifier, "validate_checkpoint", note),
        patch.object(state.ExecutionState, "create_checkpoint", stop_before_checkpoint),
        patch.object(state.ExecutionState, "schedule_refresh", lambda *_: observed.stop()),
        patch.object(state.ExecutionState, "wrap_user_function", stop_before_step),
    ):
        if not by_name:
            yield
            return
        with patch.object(OperationExecutor, "_get_checkpoint_result", find):
            yield
