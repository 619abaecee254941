# SPDX-License-Identifier: MIT-0
"""A deployed stack, driven through AWS's public APIs alone: on this machine, or at AWS."""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from cdk_stepfunction_durable_lambda_function.prefix import Prefix
from inspect_execution.histories.correlation import start_window
from inspect_execution.histories.execution_history import read_execution_history
from inspect_execution.histories.lambda_tasks import LambdaTask, lambda_tasks
from inspect_execution.histories.recording import FunctionMemory
from inspect_execution.model.execution_view import ExecutionView, build_view
from inspect_execution.model.prices import Prices
from inspect_execution.reading.aws_api import AwsApi
from inspect_execution.reading.execution_arn import ExecutionArn
from inspect_execution.reading.recorder import record_execution
from local.commands.execution_result import ExecutionResult

from .histories import DurableHistory, Finished, task_token
from .patience import Patience

ENDS = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut")
# Between the clock of this machine and that of the stack.
CLOCK_TOLERANCE = timedelta(minutes=10)


@dataclass
class Stack:
    """A deployed stack.

    Args:
        client: makes a boto3 client of a service
        outputs: what CloudFormation tells of the stack
        most_starts: how many executions, and functions by hand, may be started
    """

    client: Callable[[str], Any]
    outputs: Mapping[str, str]
    prefix: Prefix
    patience: Patience
    most_starts: float = math.inf
    starts: int = field(default=0, init=False)
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        self.step_functions = self.client("stepfunctions")
        self.lambda_ = self.client("lambda")
        self.logs = self.client("logs")
        self.reader = AwsApi(self.step_functions, self.lambda_, "the stack")

    @property
    def state_machine(self) -> str:
        return self.outputs["StepFunctionDFArn"]

    @property
    def async_function(self) -> str:
        return self.outputs["AsyncDurableFunctionName"]

    @property
    def sync_function(self) -> str:
        return self.outputs["SyncDurableFunctionName"]

    def version(self, function: str) -> str:
        """The ARN of the version that the state machine invokes."""
        machine = self.step_functions.describe_state_machine(stateMachineArn=self.state_machine)
        # In the text: a state need not be a task, and a task may be a state of another state.
        [arn] = set(re.findall(rf'"(arn:[^"]+:function:{function}:[^"]+)"', machine["definition"]))
        return str(arn)

    def memory(self) -> FunctionMemory:
        """What a second of the functions costs by: it is the same for all of them."""
        told = self.reader.function_configuration(self.async_function)
        return FunctionMemory(told["MemorySize"], told["Architectures"][0])

    def start(self, execution_input: Any) -> str:
        """Start an execution of the state machine."""
        self._count_start()
        # With a name, a call that is tried again after its answer was lost starts nothing more:
        # https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
        name = str(uuid4())
        try:
            started = self.step_functions.start_execution(
                stateMachineArn=self.state_machine, name=name, input=json.dumps(execution_input)
            )
        except self.step_functions.exceptions.ExecutionAlreadyExists:
            # By the first attempt, and it has ended since.
            return f"{self.state_machine.replace(':stateMachine:', ':execution:')}:{name}"
        return str(started["executionArn"])

    def invoke(self, function: str, event: Any, invocation_type: str) -> dict[str, Any]:
        """Invoke a durable function by hand."""
        self._count_start()
        answer: dict[str, Any] = self.lambda_.invoke(
            FunctionName=function,
            InvocationType=invocation_type,
            # To the same end as an execution's name:
            # https://docs.aws.amazon.com/lambda/latest/dg/durable-execution-idempotency.html
            DurableExecutionName=str(uuid4()),
            Payload=json.dumps(event),
        )
        return answer

    def run(self, execution_input: Any) -> Finished:
        """Run one execution to its end, on both sides."""
        return self.finished(self.start(execution_input))

    def finished(self, execution: str) -> Finished:
        """An execution with all that belongs to it, once both sides have ended."""
        outcome = ExecutionResult.of(self.end_of(execution))
        events = self._complete_history(execution)
        durable = self._durable_histories(execution)
        return Finished(
            execution=execution,
            outcome=outcome,
            events=events,
            asynchronous=[each for each in durable if each.function == self.async_function],
            synchronous=[each for each in durable if each.function == self.sync_function],
        )

    def end_of(self, execution: str) -> dict[str, Any]:
        """The execution of any state machine, once it has ended."""
        return self.patience.answer(
            lambda: self.reader.execution(execution),
            lambda described: bool(described["status"] != "RUNNING"),
            f"{execution} to end",
        )

    def view(self, execution: str) -> ExecutionView:
        """The view of both sides, once it has a durable execution for every task that calls a
        function: what was started a moment ago need not be listed yet.
        """

        def joined() -> ExecutionView:
            return build_view(
                record_execution(self.reader, ExecutionArn.parse(execution)), Prices()
            )

        return self.patience.answer(
            joined,
            lambda view: len(view.correlations) == len(lambda_tasks(view.history)),
            f"the durable executions of {execution}",
        )

    def waiting_order(self, execution: str) -> str:
        """The durable execution of the task with a task token, once that waits.

        The task token identifies it, for others may use the stack at the same time. This method
        does not ask whether the execution has ended.
        """

        def waiting() -> list[str]:
            events = self.reader.history(execution)
            token = task_token(events)
            return [
                arn
                for task in lambda_tasks(read_execution_history(events, "RUNNING"))
                for arn in self._running(task)
                if token and self._waits(arn, token)
            ]

        return self.patience.answer(waiting, bool, f"the order of {execution} to wait")[0]

    def ended_durable_execution(self, arn: str) -> DurableHistory:
        ended = self.patience.answer(
            lambda: self.reader.durable_execution(arn),
            lambda details: bool(details["Status"] != "RUNNING"),
            f"{arn} to end",
        )
        return DurableHistory(
            arn=arn,
            status=ended["Status"],
            ended_at=ended["EndTimestamp"],
            error=ended.get("Error", {}),
            result=json.loads(ended["Result"]) if ended.get("Result") else None,
            events=self.reader.durable_history(arn),
        )

    def log_lines(self) -> list[str]:
        """Every line that the stack's functions have logged since this began to drive them."""
        return [event["message"] for event in self.log_events()]

    def log_events(self) -> list[dict[str, Any]]:
        """The same lines with their times."""
        pages = self.logs.get_paginator("filter_log_events")
        since = int((self.began - CLOCK_TOLERANCE).timestamp() * 1000)
        return [
            event
            for group in self._log_groups()
            for page in pages.paginate(logGroupName=group, startTime=since)
            for event in page["events"]
        ]

    def _log_groups(self) -> list[str]:
        functions = [self.async_function, self.sync_function, self.prefix.name("callback-guard-fn")]
        return [
            self.reader.function_configuration(name)["LoggingConfig"]["LogGroup"]
            for name in functions
        ]

    def _durable_histories(self, execution: str) -> Iterable[DurableHistory]:
        """Those that belong to an execution, in the order of its tasks, once they have ended."""
        correlations = self.view(execution).correlations
        return [self.ended_durable_execution(each.arn) for each in correlations]

    def _complete_history(self, execution: str) -> list[dict[str, Any]]:
        """The word of an execution's end may come later than its status."""
        return self.patience.answer(
            lambda: self.reader.history(execution),
            lambda events: bool(events) and events[-1]["type"] in ENDS,
            f"the last event of {execution}",
        )

    def _count_start(self) -> None:
        """What was not planned is not started: the cost that was told rests on it."""
        assert self.starts < self.most_starts, (
            f"{self.starts} starts are all that acceptance_plan.py has for these tests"
        )
        self.starts += 1

    def _running(self, task: LambdaTask) -> list[str]:
        """Those that run, of those that began about when the task did."""
        # By the task's time: where waits are skipped, that is ahead of this process's.
        last = task.scheduled + timedelta(seconds=self.patience.seconds)
        listed = self.reader.durable_executions(self.async_function, start_window(task, last))
        return [each["DurableExecutionArn"] for each in listed if each["Status"] == "RUNNING"]

    def _waits(self, arn: str, token: str) -> bool:
        events = self.reader.durable_history(arn)
        given = [event.get("ExecutionStartedDetails", {}).get("Input", {}) for event in events]
        is_its_own = any(token in each.get("Payload", "") for each in given)
        return is_its_own and any(event["EventType"] == "WaitStarted" for event in events)
