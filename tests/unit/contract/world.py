# SPDX-License-Identifier: MIT-0
"""The state of the world that the contract is about: one task, and the deliveries of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

TOKEN = "AQCEAAAAKgAAAAMAAAAA-the-task-token"
OPEN = "open"
# The ends of a durable execution that EventBridge reports to the guard.
BAD_ENDS = ("FAILED", "TIMED_OUT", "STOPPED")


@dataclass(frozen=True, order=True)
class Operation:
    """A durable operation: SUCCEEDED with a result as JSON, FAILED with an error, or RETRY."""

    name: str
    status: str
    attempts: int
    result: str = ""
    error: tuple[str, str] = ("", "")

    def kept(self) -> Self:
        """What a replay can know of it: so that states which differ in nothing else are one."""
        if self.status == "RETRY":
            return replace(self, error=("", ""))
        return replace(self, attempts=0)


@dataclass(frozen=True, order=True)
class Execution:
    """One durable execution of the order, and what it has done to its task.

    Args:
        event: its input: valid, invalid, or by hand, without a token
        is_wanted: a heartbeat of it was accepted
        has_sent: it has sent a success
        has_succeeded: its success was accepted
        has_told: it has sent a failure
        is_unheard: its bad end reached no guard, or no attempt of the guard came through
    """

    event: str = "valid"
    status: str = "RUNNING"
    operations: tuple[Operation, ...] = ()
    is_wanted: bool = False
    has_sent: bool = False
    has_succeeded: bool = False
    has_told: bool = False
    is_unheard: bool = False

    @property
    def has_token(self) -> bool:
        return self.event != "by hand"

    @property
    def knows_open(self) -> bool:
        """Whether the last that it has recorded is that the task is open."""
        return self.operations[-1:] != () and self.operations[-1].result == json.dumps("ACCEPTED")

    @property
    def has_ended(self) -> bool:
        return self.status not in ("RUNNING", "PAUSED")


@dataclass(frozen=True, order=True)
class Delivery:
    """An event of EventBridge on its way to the guard, and how often Lambda has tried it."""

    execution: int
    attempts: int = 0


@dataclass(frozen=True)
class World:
    """The task is open, or says what closed it. Executions that are alike are in any order."""

    task: str = OPEN
    executions: tuple[Execution, ...] = (Execution(),)
    deliveries: tuple[Delivery, ...] = ()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing will happen any more but the heartbeat of the task."""
        return not self.deliveries and all(each.has_ended for each in self.executions)

    def changed(self, number: int, execution: Execution) -> "World":
        """This world with another state of one execution."""
        executions = list(self.executions)
        executions[number] = execution
        return self._sorted(executions, self.deliveries)

    def ended(self, number: int, execution: Execution, reports: int) -> "World":
        """This world with the end of an execution: what was before matters no more."""
        is_unheard = reports == 0 and execution.status in BAD_ENDS
        end = Execution(execution.event, execution.status, is_unheard=is_unheard)
        reported = replace(self, deliveries=(*self.deliveries, *[Delivery(number)] * reports))
        return reported.changed(number, end)

    def without(self, delivery: Delivery, *, again: bool) -> "World":
        """This world without an event on its way, or with its next attempt."""
        deliveries = list(self.deliveries)
        deliveries.remove(delivery)
        if again:
            deliveries.append(replace(delivery, attempts=delivery.attempts + 1))
        return self._sorted(self.executions, deliveries)

    def _sorted(self, executions: Sequence[Execution], deliveries: Sequence[Delivery]) -> "World":
        order = sorted(range(len(executions)), key=lambda number: executions[number])
        return World(
            self.task,
            tuple(executions[number] for number in order),
            tuple(sorted(replace(d, execution=order.index(d.execution)) for d in deliveries)),
        )
