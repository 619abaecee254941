# SPDX-License-Identifier: MIT-0
"""The running executions of a state machine, the one that waits longest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .execution_view import ExecutionView


@dataclass(frozen=True)
class WaitingList:
    """The views of running executions.

    Args:
        executions: by the longest wait of each, the longest first
    """

    state_machine_arn: str
    executions: tuple[ExecutionView, ...]
    omissions: tuple[str, ...]

    @property
    def state_machine(self) -> str:
        return self.state_machine_arn.split(":stateMachine:")[-1]


def waiting_list(
    state_machine_arn: str, views: Iterable[ExecutionView], omissions: Sequence[str]
) -> WaitingList:
    """The list of those that still run, with the omissions of each."""
    running = [view for view in views if view.is_running]
    # Each has a time of its own where waits are skipped, so durations are compared.
    running.sort(key=longest_wait_seconds, reverse=True)
    all_omissions = dict.fromkeys([*omissions, *(o for view in running for o in view.omissions)])
    return WaitingList(state_machine_arn, tuple(running), tuple(all_omissions))


def longest_wait_seconds(view: ExecutionView) -> float:
    return max((wait.seconds(view.now) for wait in view.waits), default=0.0)
