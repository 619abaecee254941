# SPDX-License-Identifier: MIT-0
"""A stack on this machine, for one test alone, which can also deploy it anew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from cdk_stepfunction_durable_lambda_function.prefix import DEFAULT_PREFIX, Prefix
from local.cloudformation.assembly import read_assembly
from local.cloudformation.deployed import deployed as deployed_assembly
from local.cloudformation.deployment import Deployment

from ..assemblies.variants import publish_again, variant
from .histories import DurableHistory
from .patience import ON_THIS_MACHINE
from .stack import Stack

ASYNC, SYNC = "sfn-dfn-async-durable-fn", "sfn-dfn-sync-durable-fn"


class Scenario(Stack):
    """A stack, and its deployment to an endpoint of this process."""

    def __init__(self, deployment: Deployment) -> None:
        super().__init__(
            deployment.endpoint.client,
            deployment.outputs,
            Prefix(DEFAULT_PREFIX),
            ON_THIS_MACHINE,
        )
        self.deployment = deployment
        self._seen: set[str] = set()

    def wait_for_durable_executions(self, count: int) -> None:
        """Wait until the async function has so many executions that are new, ended or not."""
        wait_until(lambda: len(self._new_arns(ASYNC)) >= count, f"{count} durable executions")

    def ended_durable_executions(self, function: str) -> list[DurableHistory]:
        """The function's executions that are new since the last call, once they have ended."""
        return [self.ended_durable_execution(arn) for arn in self._new_arns(function)]

    def pass_over(self, function: str) -> None:
        """Take the function's executions up to this moment for looked at."""
        self._seen.update(self._new_arns(function))

    def ended_durable_execution(self, arn: str) -> DurableHistory:
        self._seen.add(arn)
        return super().ended_durable_execution(arn)

    def executions(self, status: str) -> list[str]:
        """The executions of the stack's state machine with that status, the newest first."""
        listed = self.step_functions.list_executions(
            stateMachineArn=self.state_machine, statusFilter=status
        )
        return [execution["executionArn"] for execution in listed["executions"]]

    @contextmanager
    def changed(self, directory: Path, change: Callable[[Path], None]) -> Iterator[None]:
        """Deploy a changed assembly over this one, and this one again at the end."""
        original = self.deployment.assembly
        copy = variant(original.directory, directory)
        change(copy)
        publish_again(copy)
        self.deployment.update(read_assembly(copy))
        try:
            yield
        finally:
            self.deployment.update(original)

    def _durable_histories(self, execution: str) -> list[DurableHistory]:
        """All that are new: a task that is delivered twice has two of them."""
        return [*self.ended_durable_executions(ASYNC), *self.ended_durable_executions(SYNC)]

    def _new_arns(self, function: str) -> list[str]:
        """Those of the function's latest executions not looked at yet, in the order of start."""
        listed: dict[str, Any] = self.lambda_.list_durable_executions_by_function(
            FunctionName=function
        )
        arns = [each["DurableExecutionArn"] for each in reversed(listed["DurableExecutions"])]
        return [arn for arn in arns if arn not in self._seen]


@contextmanager
def deployed(assembly: Path) -> Iterator[Scenario]:
    """The assembly's stack, deployed to an endpoint for as long as the context lasts."""
    with deployed_assembly(assembly) as deployment:
        yield Scenario(deployment)


def wait_until(
    is_true: Callable[[], bool], what: str, seconds: float = ON_THIS_MACHINE.seconds
) -> None:
    """Wait for the thing, with a deadline."""
    replace(ON_THIS_MACHINE, seconds=seconds).until(is_true, what)


def ended_execution(
    step_functions: Any, execution: str, seconds: float = ON_THIS_MACHINE.seconds
) -> dict[str, Any]:
    """What DescribeExecution returns, once an execution has ended."""
    return replace(ON_THIS_MACHINE, seconds=seconds).answer(
        lambda: dict(step_functions.describe_execution(executionArn=execution)),
        lambda described: bool(described["status"] != "RUNNING"),
        f"{execution} to end",
    )
