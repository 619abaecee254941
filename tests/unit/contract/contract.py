# SPDX-License-Identifier: MIT-0
"""All that can happen to a task and to the executions that work on it, and the rules that hold."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ..handlers.step_functions_double import refused
from .explorer import Choices, Violation, every_outcome
from .modules import Changes, load
from .runtime import EVENTS, Invocation, StepFunctions, keep_secret
from .world import BAD_ENDS, OPEN, Delivery, Execution, World

ARN = "arn:aws:lambda:us-east-1:123456789012:function:f:1/durable-execution/name/id"
NOT_READ = refused("ThrottlingException")
# What happens although one might not expect it: the page says when.
EXCEPTIONS = {
    "late": "the customer is notified although the task was closed after the heartbeat",
    "unknown": "the durable execution FAILED, and the state machine has its success",
    "shared": "the guard fails a task that a second delivery still works on",
}

# A successor: what has happened, and the world after it.
Successor = tuple[str, World]
# The task, the execution, and how often EventBridge reports its end.
Invoked = tuple[str, Execution, int]
# The task, the last answer of Step Functions, and whether the guard has raised.
Guarded = tuple[str, str, bool]


@dataclass
class Contract:
    """The events of a world, in which the handlers' modules run.

    Args:
        changes: rules that are taken out of the modules
        attempts: how often a call and the guard are tried; two meet every case that more do: an
            attempt after which there is another, and the last
        has_pauses: whether an operator pauses executions, too
        bad_ends: how an execution may end from outside
        reports: how often EventBridge may report a bad end
    """

    changes: Changes = field(default_factory=dict)
    attempts: int = 2
    has_pauses: bool = True
    bad_ends: tuple[str, ...] = BAD_ENDS
    reports: tuple[int, ...] = (1, 2, 0)
    exceptions: set[str] = field(default_factory=set)
    _invoked: dict[Any, list[tuple[str, Invoked]]] = field(default_factory=dict)
    _guarded: dict[Any, list[tuple[str, Guarded]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.modules = load(self.attempts, self.changes)
        logging.getLogger("callback_guard").setLevel(logging.CRITICAL)

    def successors(self, world: World) -> Iterator[Successor]:
        """Everything that can happen next."""
        if world.is_quiet and world.task == OPEN:
            self._check_quiet(world)
        for number, execution in enumerate(world.executions):
            if not execution.has_ended:
                yield from self._successors_of(world, number, execution)
        for delivery in dict.fromkeys(world.deliveries):
            yield from self._guard(world, delivery)
        if world.task == OPEN:
            yield "the execution is stopped, or times out", replace(world, task="stopped")
            yield "the heartbeat runs out", replace(world, task="timed out")

    def _successors_of(
        self, world: World, number: int, execution: Execution
    ) -> Iterator[Successor]:
        if execution.status == "PAUSED":
            yield "resumed", world.changed(number, replace(execution, status="RUNNING"))
        else:
            yield from self._invoke(world, number, execution)
            if self.has_pauses:
                yield "paused", world.changed(number, replace(execution, status="PAUSED"))
        # A module that does not load, or a sandbox that crashes each time, FAILS it from outside.
        for end in self.bad_ends:
            for reports in self.reports:
                ended = replace(execution, status=end)
                yield f"it is {end}", world.ended(number, ended, reports)

    def _invoke(self, world: World, number: int, execution: Execution) -> Iterator[Successor]:
        """Invoke the handler. What it does depends on its own execution and on the task alone."""
        key = world.task, execution
        if key not in self._invoked:
            self._invoked[key] = list(
                every_outcome("invoked", lambda choices: self._run(*key, choices))
            )
        for name, (task, after, reports) in self._invoked[key]:
            following = replace(world, task=task)
            if after.has_ended:
                yield name, following.ended(number, after, reports)
            else:
                yield name, following.changed(number, after)

    def _run(self, task: str, execution: Execution, choices: Choices) -> Invoked:
        """Run the handler, which does one operation that is new, or ends."""
        double = StepFunctions(task, choices, execution)
        invocation = Invocation(double, choices, self.attempts)
        self.modules["task_callback"].client = lambda: double
        self._set_business(invocation)
        status = "RUNNING"
        try:
            result = self.modules["async_durable_function"].handler.__wrapped__(
                EVENTS[execution.event], invocation
            )
            status = "SUCCEEDED"
            keep_secret(result)
        except Violation:
            raise
        except Exception as error:
            keep_secret(error)
            status = "FAILED"
        except BaseException:
            assert invocation.has_ended
        if invocation.has_ended:
            status = "RUNNING"
        after = replace(invocation.execution, status=status)
        if status == "FAILED":
            self._check_failed(after)
            return double.task, after, choices.pick(self.reports)
        if status == "SUCCEEDED" and double.task == OPEN and after.has_token:
            raise Violation("a durable execution succeeds and leaves its task open")
        return double.task, after, 0

    def _set_business(self, invocation: Invocation) -> None:
        """Business steps that succeed or fail, and whose effects are looked at."""

        def create_order(_id: str) -> Any:
            return _business(invocation, {"order_id": "order", "created_at": "now"})

        def notify_customer(_order: Any) -> Any:
            if invocation.step_functions.task != OPEN and invocation.execution.has_token:
                if not invocation.execution.is_wanted:
                    raise Violation("the customer is notified although the task was closed before")
                self.exceptions.add(EXCEPTIONS["late"])
            return _business(invocation, {"order_id": "order", "text": "on its way"})

        orders = self.modules["orders"]
        orders.create_order, orders.notify_customer = create_order, notify_customer

    def _guard(self, world: World, delivery: Delivery) -> Iterator[Successor]:
        """Invoke the guard for one event; Lambda tries again what it raises."""
        execution = world.executions[delivery.execution]
        key = world.task, execution.event, execution.status
        if key not in self._guarded:
            self._guarded[key] = list(
                every_outcome(
                    "the guard is invoked", lambda choices: self._run_guard(*key, choices)
                )
            )
        for name, (task, answer, has_raised) in self._guarded[key]:
            if answer == "ACCEPTED" and any(not each.has_ended for each in world.executions):
                self.exceptions.add(EXCEPTIONS["shared"])
            is_last = delivery.attempts + 1 >= self.attempts
            following = replace(world, task=task).without(
                delivery, again=has_raised and not is_last
            )
            if has_raised and is_last:
                unheard = replace(execution, is_unheard=True)
                following = following.changed(delivery.execution, unheard)
            yield name, following

    def _run_guard(self, task: str, event: str, status: str, choices: Choices) -> Guarded:
        double = StepFunctions(task, choices)
        clients = {"lambda": _Lambda(event, choices), "stepfunctions": double}
        guard = self.modules["callback_guard"]
        guard.client = clients.__getitem__
        try:
            guard.handler({"detail": {"durableExecutionArn": ARN, "status": status}}, None)
        except Violation:
            raise
        except Exception as error:
            keep_secret(error)
            if double.answer == "CLOSED":
                raise Violation("the guard fails at a task that is closed already") from None
            if not double.answer and error is not NOT_READ:
                raise Violation("the guard fails without a call") from None
            return double.task, double.answer, True
        return double.task, double.answer, False

    def _check_failed(self, execution: Execution) -> None:
        """A handler that fails has said so, unless its success may have arrived."""
        may_have_arrived = execution.has_sent and not execution.knows_open
        if execution.has_token and not execution.has_told and not may_have_arrived:
            raise Violation("a handler fails without sending a failure")
        if execution.has_succeeded:
            self.exceptions.add(EXCEPTIONS["unknown"])

    def _check_quiet(self, world: World) -> None:
        """The task is left to the heartbeat only where no report came through."""
        for execution in world.executions:
            has_bad_end = execution.has_token and execution.status in BAD_ENDS
            if has_bad_end and not execution.is_unheard:
                raise Violation("the state machine is not told of a bad end that was reported")


def _business(invocation: Invocation, result: Any) -> Any:
    if invocation.execution.event == "invalid":
        raise Violation("a business step runs although the input is invalid")
    if invocation.choices.pick(("done", "fails")) == "fails":
        raise LookupError("out of stock")
    return result


@dataclass(frozen=True)
class _Lambda:
    """Knows the execution that has ended."""

    event: str
    choices: Choices

    def get_durable_execution(self, **_: Any) -> dict[str, Any]:
        if self.choices.pick(("read", "not read")) == "not read":
            raise NOT_READ
        return {
            "DurableExecutionArn": ARN,
            "InputPayload": json.dumps(EVENTS[self.event]),
            "Error": {"ErrorMessage": "why"},
        }
