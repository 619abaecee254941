# SPDX-License-Identifier: MIT-0
"""A fleet of executions against the quotas of an account, as a discrete-event simulation."""

import random
from collections.abc import Callable, Sequence

from .capacity import Capacity
from .policy import Policy
from .quotas import (
    CHECKPOINT,
    CONCURRENCY,
    DURABLE_START,
    HEARTBEAT,
    START_EXECUTION,
    SUCCESS,
    TRANSITION,
    AccountQuotas,
)
from .result import (
    HEARTBEAT_RAN_OUT,
    MACHINE_TIMED_OUT,
    THROTTLED,
    TIMED_OUT,
    UNDELIVERED,
    FleetExecution,
    Result,
)
from .timeline import Bucket, Timeline
from .workload import ASYNC, SYNC, Arrival, Part, Workload

# What is tried for an execution; the number counts from 1.
Attempt = Callable[[FleetExecution, int], None]


class Fleet:
    """One run of the simulation.

    Args:
        workload: the work of the two handlers
        seed: of all chance in it
    """

    def __init__(
        self,
        policy: Policy,
        quotas: AccountQuotas,
        workload: Workload,
        arrivals: Sequence[Arrival],
        seed: int = 1,
    ) -> None:
        self._policy = policy
        self._workload = workload
        self._chance = random.Random(seed)
        self._time = Timeline()
        self._result = Result(len(arrivals))
        note = self._result.note_throttle
        self._buckets = {name: Bucket(name, rate, note) for name, rate in quotas.rates.items()}
        self._quotas = quotas
        self._capacity = Capacity(self._time, quotas, self._chance, note)
        for arrival in arrivals:
            self._time.after(arrival.at, self._request, FleetExecution(arrival))

    def run(self, *, until_throttled: bool = False) -> Result:
        """Let it come to its end, or to the first call that a quota throttles."""
        self._time.run(lambda: until_throttled and self._result.first is not None)
        result = self._result
        result.invocations = self._capacity.invocations
        result.cold_starts = self._capacity.cold_starts
        result.busy_seconds = self._capacity.busy_seconds
        result.shares = {name: bucket.share_used for name, bucket in self._buckets.items()}
        result.shares[CONCURRENCY] = self._capacity.most_running / self._quotas.concurrency
        return result

    # The state machine.

    def _request(self, execution: FleetExecution) -> None:
        """Request StartExecution again until its limit allows the execution."""
        pause = self._buckets[START_EXECUTION].wait(self._time.now)
        self._time.after(pause, self._start, execution)

    def _start(self, execution: FleetExecution) -> None:
        execution.started = self._time.now
        self._enter(execution, self._invoke_async, 1)

    def _enter(self, execution: FleetExecution, invoke: Attempt, attempt: int) -> None:
        """A transition, which Step Functions delays when there are too many."""
        self._result.transitions += 1
        pause = self._buckets[TRANSITION].wait(self._time.now)
        self._time.after(pause, invoke, execution, attempt)

    def _invoke_async(self, execution: FleetExecution, attempt: int) -> None:
        if self._is_past_machine(execution):
            return
        if not self._buckets[DURABLE_START].take(self._time.now):
            self._retry(execution, 0, attempt, self._invoke_async)
            return
        execution.task_ends = self._time.now + self._policy.heartbeat
        expires = self._time.now + self._policy.event_age
        self._capacity.queue(
            ASYNC,
            self._fulfil,
            execution,
            is_expired=lambda: self._is_expired(execution, expires),
        )

    def _is_expired(self, execution: FleetExecution, expires: float) -> bool:
        """An event that is too old is discarded, and its task fails by the heartbeat."""
        if self._time.now <= expires:
            return False
        self._lose(execution, HEARTBEAT_RAN_OUT, execution.task_ends)
        return True

    def _invoke_sync(self, execution: FleetExecution, attempt: int) -> None:
        if self._is_past_machine(execution):
            return
        is_cold = None
        if self._buckets[DURABLE_START].take(self._time.now):
            is_cold = self._capacity.begin(SYNC)
        if is_cold is None:
            self._retry(execution, 1, attempt, self._invoke_sync)
            return
        execution.durable_ends = self._time.now + self._policy.execution_timeouts[1]
        self._work(SYNC, self._workload.create_invoice, is_cold, self._cool_off, execution)

    def _retry(self, execution: FleetExecution, state: int, attempt: int, invoke: Attempt) -> None:
        """Invoke again after the state's pause, which is a transition that is paid for."""
        pause = self._policy.invoke[state].pause(attempt, self._chance)
        if pause is None:
            self._lose(execution, THROTTLED)
            return
        self._result.retries += 1
        self._time.after(pause, self._enter, execution, invoke, attempt + 1)

    def _is_past_machine(self, execution: FleetExecution) -> bool:
        ends = execution.started + self._policy.machine_timeout
        if self._time.now > ends:
            self._lose(execution, MACHINE_TIMED_OUT, ends)
        return execution.is_over

    # The handlers.

    def _work(
        self,
        function: str,
        part: Part,
        is_cold: bool,
        then: Callable[[FleetExecution], None],
        execution: FleetExecution,
    ) -> None:
        """One invocation: it ends when its work is done and its checkpoints are taken."""
        seconds = self._workload.seconds(is_cold) + self._checkpoints(part)

        def end() -> None:
            self._capacity.end(function)
            then(execution)

        self._time.after(seconds, end)

    def _checkpoints(self, part: Part) -> float:
        """Seconds for the checkpoints of a part; one over the quota is sent again."""
        self._result.operations += part.operations
        waits = (self._buckets[CHECKPOINT].wait(self._time.now) for _ in range(part.checkpoints))
        return part.checkpoints * self._workload.call_seconds + sum(waits)

    def _fulfil(self, is_cold: bool, execution: FleetExecution) -> None:
        execution.durable_ends = self._time.now + self._policy.execution_timeouts[0]
        self._work(ASYNC, self._workload.create_order, is_cold, self._wait, execution)

    def _wait(self, execution: FleetExecution) -> None:
        self._time.after(execution.arrival.wait, self._resume, execution, self._ask, 1)

    def _resume(self, execution: FleetExecution, then: Attempt, attempt: int) -> None:
        """Lambda invokes the function again when its wait, or the pause of a step, is over."""

        def begun(is_cold: bool, execution: FleetExecution) -> None:
            seconds = self._workload.seconds(is_cold) + self._workload.call_seconds
            self._time.after(seconds, then, execution, attempt)

        self._capacity.queue(
            ASYNC, begun, execution, is_expired=lambda: self._has_timed_out(execution)
        )

    def _has_timed_out(self, execution: FleetExecution) -> bool:
        """A durable execution that takes too long times out, and the guard reports it."""
        if self._time.now > execution.task_ends > 0:
            self._lose(execution, HEARTBEAT_RAN_OUT, execution.task_ends)
        elif self._time.now > execution.durable_ends:
            self._lose(execution, TIMED_OUT, execution.durable_ends)
        return execution.is_over

    def _ask(self, execution: FleetExecution, attempt: int) -> None:
        """The heartbeat that asks whether the task is still open."""
        if self._call(HEARTBEAT, execution, attempt, self._ask):
            execution.task_ends = self._time.now + self._policy.heartbeat
            seconds = self._checkpoints(self._workload.notify) + self._workload.call_seconds
            self._time.after(seconds, self._answer, execution, 1)

    def _answer(self, execution: FleetExecution, attempt: int) -> None:
        if self._call(SUCCESS, execution, attempt, self._answer):
            execution.task_ends = 0
            # The state machine goes on while the handler still checkpoints its last step.
            self._enter(execution, self._invoke_sync, 1)
            self._time.after(self._checkpoints(self._workload.call_back), self._capacity.end, ASYNC)

    def _call(self, action: str, execution: FleetExecution, attempt: int, again: Attempt) -> bool:
        """A callback in a durable step, which is tried again in another invocation."""
        if self._has_timed_out(execution):
            self._capacity.end(ASYNC)
            return False
        if self._buckets[action].take(self._time.now):
            return True
        self._capacity.end(ASYNC)
        pause = self._policy.callback.pause(attempt, self._chance)
        if pause is None:
            self._lose(execution, UNDELIVERED)
            return False
        self._result.callback_retries += 1
        self._result.operations += 1
        self._time.after(pause, self._resume, execution, again, attempt + 1)
        return False

    def _cool_off(self, execution: FleetExecution) -> None:
        self._time.after(self._workload.sync_wait, self._send_invoice, execution)

    def _send_invoice(self, execution: FleetExecution) -> None:
        def begun(is_cold: bool, execution: FleetExecution) -> None:
            self._work(SYNC, self._workload.send_invoice, is_cold, self._succeed, execution)

        self._capacity.queue(
            SYNC, begun, execution, is_expired=lambda: self._has_timed_out(execution)
        )

    # The end.

    def _succeed(self, execution: FleetExecution) -> None:
        if self._is_past_machine(execution):
            return
        undisturbed = self._workload.undisturbed(execution.arrival.wait)
        self._result.succeed(execution, self._time.now, undisturbed)

    def _lose(self, execution: FleetExecution, error: str, at: float = 0) -> None:
        self._result.lose(execution, error, self._time.now, at)
