# SPDX-License-Identifier: MIT-0
"""All actions on an execution and on the durable executions that it started."""

from collections.abc import Iterable, Iterator

from ...endpoint.endpoint import Endpoint
from ...step_functions.interpreter import interpreter_backend
from ..rendering import link
from ..view import is_durable
from .action import Action, Offer
from .callbacks import callback_actions, task_actions
from .of_durable_executions import durable_actions
from .of_state_machines import execution_actions

# An execution may have started hundreds of durable executions: the last ones are offered.
MAX_OFFERED = 10


def actions(endpoint: Endpoint, arn: str, durable: Iterable[str]) -> Iterator[Action]:
    """What can be done now.

    Args:
        durable: the ARNs of the durable executions that the execution started
    """
    if not is_durable(arn):
        described = endpoint.client("stepfunctions").describe_execution(executionArn=arn)
        yield from task_actions(endpoint, interpreter_backend().describe_execution(arn))
        yield from execution_actions(endpoint, described)
    executions = endpoint.lambda_service.durable_executions
    for each in [arn] if is_durable(arn) else durable:
        if executions.exists(each):
            execution = executions.get(each)
            yield from callback_actions(endpoint, execution)
            yield from durable_actions(endpoint, execution)


def offers(endpoint: Endpoint, arn: str, durable: Iterable[str]) -> Iterator[Offer]:
    """What the page of an execution offers."""
    started = list(durable)
    yield again(arn)
    for action in actions(endpoint, arn, started[-MAX_OFFERED:]):
        # Of what has ended, its own page offers more.
        if is_durable(arn) or not action.key.startswith("delete "):
            yield Offer.of(action, arn)
    for each in [] if is_durable(arn) else started[-MAX_OFFERED:]:
        function = each.split("/")[0].split(":function:")[-1]
        yield Offer(f"{function} alone", link("/execution", arn=each))


def again(arn: str) -> Offer:
    """The form that starts an execution like this one."""
    if is_durable(arn):
        function, version = arn.split("/")[0].split(":")[-2:]
        address = link("/invoke", function=function, version=version, **{"from": arn})
    else:
        machine = arn.replace(":execution:", ":stateMachine:").rsplit(":", 1)[0]
        address = link("/start", machine=machine, **{"from": arn})
    return Offer("Start again with this input", address)
