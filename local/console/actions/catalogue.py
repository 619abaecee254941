# SPDX-License-Identifier: MIT-0
"""All actions on an execution and on the durable executions that it started."""

from collections.abc import Iterable, Iterator

from inspect_execution.histories.durable_history import durable_names

from ...durable.execution import DurableExecution
from ...endpoint.endpoint import Endpoint
from ...step_functions.interpreter import interpreter_backend
from ..rendering import link
from ..view import is_durable
from .action import Action, Offer
from .callback_actions import callback_actions, task_actions
from .durable_actions import durable_actions
from .execution_actions import execution_actions

# An execution may have started hundreds of durable executions: the last ones are offered.
MAX_OFFERED = 10


def actions(
    endpoint: Endpoint, arn: str, durable: Iterable[str], last: int | None = None
) -> Iterator[Action]:
    """What can be done now.

    Args:
        durable: the ARNs of the durable executions that the execution started
        last: to how many of them, the last ones; None for all
    """
    if not is_durable(arn):
        described = endpoint.client("stepfunctions").describe_execution(executionArn=arn)
        yield from task_actions(endpoint, interpreter_backend().describe_execution(arn))
        yield from execution_actions(endpoint, described)
    named = _named(endpoint, [arn] if is_durable(arn) else durable)
    for execution, name in named[-last:] if last else named:
        yield from callback_actions(endpoint, execution, name)
        yield from durable_actions(endpoint, execution, name)


def _named(endpoint: Endpoint, durable: Iterable[str]) -> list[tuple[DurableExecution, str]]:
    """The durable executions that are not deleted, each with the name that the page gives it."""
    executions = endpoint.lambda_service.durable_executions
    found = [executions.get(arn) for arn in durable if executions.exists(arn)]
    names = durable_names({each.durable_execution_arn: each.started for each in found})
    return [(each, names[each.durable_execution_arn]) for each in found]


def offers(endpoint: Endpoint, arn: str, durable: Iterable[str]) -> Iterator[Offer]:
    """What the page of an execution offers."""
    started = list(durable)
    yield again(arn)
    for action in actions(endpoint, arn, started, MAX_OFFERED):
        # Of what has ended, its own page offers more.
        if is_durable(arn) or not action.key.startswith("delete "):
            yield Offer.of(action, arn)
    for execution, name in [] if is_durable(arn) else _named(endpoint, started)[-MAX_OFFERED:]:
        yield Offer(f"{name} alone", link("/execution", arn=execution.durable_execution_arn))


def again(arn: str) -> Offer:
    """The form that starts an execution like this one."""
    if is_durable(arn):
        function, version = arn.split("/")[0].split(":")[-2:]
        address = link("/invoke", function=function, version=version, **{"from": arn})
    else:
        machine = arn.replace(":execution:", ":stateMachine:").rsplit(":", 1)[0]
        address = link("/start", machine=machine, **{"from": arn})
    return Offer("Start again with this input", address)
