# SPDX-License-Identifier: MIT-0
"""The work of one execution: its invocations, their calls of AWS, and how long they take."""

from dataclasses import dataclass

ASYNC = "async"
SYNC = "sync"


@dataclass(frozen=True)
class Arrival:
    """An execution to be started: when, and how long it is to wait, in seconds."""

    at: float
    wait: float


@dataclass(frozen=True)
class Part:
    """A part of a handler's work.

    Args:
        checkpoints: the calls of CheckpointDurableExecution
        operations: the durable operations that are charged for
    """

    checkpoints: int
    operations: int


@dataclass(frozen=True)
class Workload:
    """What the handlers in lambda/ do in one execution, and how long it takes, in seconds.

    Times are those of docs/performance.md: an invocation in a warm environment, and what a cold
    start adds at 1,024 MB. A call of AWS from inside of Lambda is assumed to take 20 ms.

    Args:
        create_order: of the asynchronous function before its wait, the start included
        notify: the heartbeat and the notification after it
        call_back: the success, which ends it
        create_invoice: of the synchronous function before its wait, the start included
        send_invoice: after it
        callbacks: the calls of Step Functions: heartbeat and success
        sync_wait: how long the synchronous function waits
    """

    invocation_seconds: float = 0.12
    cold_start_seconds: float = 0.6
    call_seconds: float = 0.02
    create_order: Part = Part(checkpoints=2, operations=3)
    notify: Part = Part(checkpoints=2, operations=2)
    call_back: Part = Part(checkpoints=1, operations=1)
    create_invoice: Part = Part(checkpoints=2, operations=3)
    send_invoice: Part = Part(checkpoints=1, operations=1)
    callbacks: int = 2
    sync_wait: float = 10

    @property
    def parts(self) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        """The parts of the asynchronous and of the synchronous function."""
        return (
            (self.create_order, self.notify, self.call_back),
            (self.create_invoice, self.send_invoice),
        )

    def seconds(self, is_cold: bool) -> float:
        """How long one invocation takes without its calls of AWS."""
        return self.invocation_seconds + is_cold * self.cold_start_seconds

    def undisturbed(self, wait: float) -> float:
        """How long one execution takes that is alone, in warm environments."""
        # The state machine goes on while the asynchronous function checkpoints its callback.
        checkpoints = sum(part.checkpoints for function in self.parts for part in function)
        calls = checkpoints - self.call_back.checkpoints + self.callbacks
        return 4 * self.invocation_seconds + calls * self.call_seconds + wait + self.sync_wait
