# SPDX-License-Identifier: MIT-0
"""One execution of a fleet: when it is to start, and what it has reached."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Arrival:
    """An execution to be started: when, and how long it is to wait, in seconds."""

    at: float
    wait: float


@dataclass(eq=False)
class FleetExecution:
    """One execution under way."""

    arrival: Arrival
    started: float = 0
    # Of the task that waits for the callback: when it fails without a heartbeat.
    task_ends: float = 0
    # Of the durable execution that runs.
    durable_ends: float = 0
    is_over: bool = False
