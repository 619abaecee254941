# SPDX-License-Identifier: MIT-0
"""Follows an execution until both sides have ended, or it is clear that they will not."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime

from ..errors import LocalError
from .timeline import Moment, Progress, Timeline

POLL_SECONDS = 0.1
# How long one side may go on after the other has ended. A failure callback is sent before the
# durable execution ends, or by the callback guard within this time: after it, none will come.
ONE_SIDE_DEADLINE_SECONDS = 10


def follow(
    timeline: Timeline, now: Callable[[], datetime], deadline_seconds: float
) -> Iterator[Moment]:
    """Every moment of the execution, in the order of time.

    Args:
        now: the modelled time of the execution

    Raises:
        LocalError: it will not end, or not in time
    """
    deadline = time.monotonic() + deadline_seconds
    one_side_deadline = float("inf")
    held_back: list[Moment] = []
    while True:
        horizon = now()
        progress = timeline.progress()
        moments = sorted(held_back + timeline.new_moments(), key=lambda moment: moment.time)
        looked = time.monotonic()
        one_side_deadline = (
            min(one_side_deadline, looked + ONE_SIDE_DEADLINE_SECONDS)
            if progress.one_side_has_ended
            else float("inf")
        )
        if progress.has_ended or (not progress.is_running and looked > one_side_deadline):
            yield from moments
            return
        # The two histories are read one after the other: what is younger than the first
        # reading may still get an older neighbour.
        yield from (moment for moment in moments if moment.time < horizon)
        held_back = [moment for moment in moments if moment.time >= horizon]
        if looked > one_side_deadline:
            raise _nobody_calls_back(progress)
        if looked > deadline:
            raise LocalError(f"the execution did not end within {deadline_seconds:g} s")
        time.sleep(POLL_SECONDS)


def _nobody_calls_back(progress: Progress) -> LocalError:
    execution = progress.durable_executions[-1]
    return LocalError(
        "the state machine still waits, and nobody will call it back: "
        f"{execution.arn} {execution.status}: {execution.error}"
    )
