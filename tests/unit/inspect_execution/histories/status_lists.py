# SPDX-License-Identifier: MIT-0
"""The statuses of a history's states."""

from inspect_execution.histories.execution_history import ExecutionHistory
from inspect_execution.status import Status


def statuses(history: ExecutionHistory) -> list[tuple[str, Status]]:
    return [(state.name, state.status) for state in history.states]
