# SPDX-License-Identifier: MIT-0
"""A durable execution: the engine's record, with what Lambda's API shows beyond it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aws_durable_execution_sdk_python.lambda_service import (
    ErrorObject,
    Operation,
    OperationStatus,
    OperationType,
)
from aws_durable_execution_sdk_python_testing.execution import Execution
from aws_durable_execution_sdk_python_testing.model import (
    InvocationCompletedDetails,
    StartDurableExecutionInput,
)

from ..clocks.modelled_clock import now
from ..functions.function import function_arn
from ..patching import DURABLE_TESTING, replacing

# https://docs.aws.amazon.com/lambda/latest/api/API_PauseDurableExecution.html
LONGEST_EXECUTION = timedelta(days=366)


@dataclass(frozen=True)
class FailedInvocation(InvocationCompletedDetails):
    """An invocation that crashed, timed out or never began."""

    error: ErrorObject | None = None


@dataclass
class Pause:
    """One pause of an execution, from the request to pause to the request to resume.

    Args:
        began: None while an invocation goes on
        resumed: None while the execution is paused
    """

    requested: datetime
    reason: str | None
    is_timeout_paused: bool
    client_token: str | None
    began: datetime | None = None
    resumed: datetime | None = None
    resume_reason: str | None = None
    resume_client_token: str | None = None


class DurableExecution(Execution):
    """The engine's execution, with its pauses and the versions that its chained invokes ran."""

    def __init__(
        self, arn: str, start_input: StartDurableExecutionInput, operations: list[Operation]
    ) -> None:
        super().__init__(arn, start_input, operations)
        self.pauses: list[Pause] = []
        # By the id of the operation of a chained invoke.
        self.executed_versions: dict[str, str] = {}
        # The function's when the execution was started; it is only shown.
        self.kms_key_arn: str | None = None

    @property
    def started(self) -> datetime:
        start = self.get_operation_execution_started().start_timestamp
        assert start is not None
        return start

    def record_invocation_completion(
        self, start_timestamp: datetime, end_timestamp: datetime, request_id: str
    ) -> None:
        """Record an invocation as one that ends now.

        Something else may have been recorded since it ended, and read: it comes after that.
        """
        super().record_invocation_completion(start_timestamp, now(), request_id)

    def record_failed_invocation(self, failure: FailedInvocation) -> None:
        """Record an invocation that failed, as one that ends now."""
        self.invocation_completions.append(replace(failure, end_timestamp=now()))

    def record_chained_invoke_child(self, operation_id: str, child_execution_arn: str) -> None:
        """Record what a chained invoke runs: a durable execution of its own."""
        super().record_chained_invoke_child(operation_id, child_execution_arn)
        function_version, _, _ = child_execution_arn.partition("/durable-execution/")
        self.executed_versions[operation_id] = function_version.rpartition(":")[2]

    def dispatching(self) -> frozenset[str]:
        """The ids of the chained invokes of which is not recorded yet what they run."""
        if self.is_complete:
            return frozenset()
        return frozenset(
            operation.operation_id
            for operation in self.operations
            if operation.operation_type is OperationType.CHAINED_INVOKE
            and operation.status is OperationStatus.STARTED
            and operation.operation_id not in self.executed_versions
        )

    @property
    def open_pause(self) -> Pause | None:
        """The pause that is not resumed yet."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].resumed is None else None

    def status(self) -> str:
        """The execution's status, as the API names it."""
        if not self.is_complete and (pause := self.open_pause):
            return "PAUSING" if pause.began is None else "PAUSED"
        return str(self.current_status().value)

    def expected_timeout(self) -> datetime:
        """When the execution times out, with the pauses that put it off until now."""
        pause = self.open_pause
        if pause and pause.began and pause.is_timeout_paused:
            return self.started + LONGEST_EXECUTION
        extension = sum(
            (
                each.resumed - each.began
                for each in self.pauses
                if each.is_timeout_paused and each.began and each.resumed
            ),
            timedelta(),
        )
        timeout = timedelta(seconds=self.start_input.execution_timeout_seconds)
        return self.started + timeout + extension


@replacing(
    Execution,
    "new",
    gap="The ARNs of durable executions are opaque ids.",
    probe="durable_execution_arn_is_opaque",
    release=DURABLE_TESTING,
)
def _new_execution(input: StartDurableExecutionInput) -> DurableExecution:
    function = f"{function_arn(input.function_name)}:{input.function_qualifier}"
    return DurableExecution(
        f"{function}/durable-execution/{input.execution_name}/{input.invocation_id}", input, []
    )
