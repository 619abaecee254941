# SPDX-License-Identifier: MIT-0
"""Lines about the events of a Step Functions execution: states of every type, and their parts.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from ...histories.events import StatesEvent, event_details, event_type
from ...histories.execution_history import ExecutionHistory, StateVisit
from ...histories.task_attempts import WORKERS
from ...status import Status
from ...text import count, printable
from ..timelines.timeline import Service
from .event_line import EventLine, reason, shown_seconds, with_reason

_FAILURES = ("Failed", "TimedOut", "Aborted")
# The events of a container say which state they are about; those of a task follow its entry.
_PHASES = {
    "Started": "started",
    "Succeeded": "succeeded",
    "Failed": "failed",
    "Aborted": "aborted",
    "TimedOut": "timed out",
    "Redriven": "redriven",
}
_CALLBACK = ".waitForTaskToken"
_TASK_TEXTS = {
    "Succeeded": "task succeeded",
    "Failed": "task failed",
    "TimedOut": "task timed out",
    "StartFailed": "task could not be started",
    "SubmitFailed": "task could not be submitted",
    "ScheduleFailed": "task could not be scheduled",
}


def state_event_lines(
    events: Iterable[StatesEvent], history: ExecutionHistory
) -> Iterator[EventLine]:
    """A line for each event that says more than the line before it."""
    failed_at: dict[int, datetime] = {}
    for event in events:
        kind = event_type(event)
        index = history.state_of_event.get(event["id"])
        if kind.startswith("Execution") or index is None:
            text = _execution_text(event)
        else:
            text = _state_text(event, history.states, index, failed_at)
        if text:
            yield EventLine(
                id=("states", str(event["id"])),
                time=event["timestamp"],
                service=Service.STEP_FUNCTIONS,
                text=text,
                is_failure=kind.endswith(_FAILURES) or kind == "FailStateEntered",
            )


def state_path(states: tuple[StateVisit, ...], index: int) -> str:
    """A state's name after those of the map and parallel states around it: Each [2] / Charge."""
    state = states[index]
    name = printable(state.name)
    if state.parent is None:
        return name
    iteration = "" if state.iteration is None else f" [{state.iteration}]"
    return f"{state_path(states, state.parent)}{iteration} / {name}"


def _execution_text(event: StatesEvent) -> str:
    kind, details = event_type(event), event_details(event)
    word = kind.removeprefix("Execution")
    if kind == word:
        return with_reason(_words(kind), _reason(details))
    if word in ("Started", "Redriven"):
        return f"execution {word.lower()}"
    status = "TIMED_OUT" if word == "TimedOut" else word.upper()
    return with_reason(f"execution {status}", _reason(details))


def _state_text(
    event: StatesEvent,
    states: tuple[StateVisit, ...],
    index: int,
    failed_at: dict[int, datetime],
) -> str:
    kind, state = event_type(event), states[index]
    path = state_path(states, index)
    # A state at the top is the only one that runs: the line of its entry names it.
    prefix = "" if state.parent is None else f"{path}: "
    if kind.endswith("StateEntered"):
        return f"{path} entered" + ("" if state.type == "Task" else f" ({state.type})")
    if kind.endswith("StateExited"):
        return _exit_text(state, path)
    if kind == "EvaluationFailed":
        return prefix + with_reason("evaluation failed", _reason(event_details(event)))
    worker = next((each for each in WORKERS if kind.startswith(each)), None)
    if worker and not kind.startswith("TaskState"):
        text = _task_text(event, kind.removeprefix(worker), index, failed_at)
        return prefix + text if text else ""
    return _part_text(event, path)


def _exit_text(state: StateVisit, path: str) -> str:
    if state.status is Status.CAUGHT:
        return f"{path}: failure caught"
    return f"{path}: over" if state.type == "Wait" else ""


def _task_text(event: StatesEvent, phase: str, index: int, failed_at: dict[int, datetime]) -> str:
    details = event_details(event)
    if phase == "Scheduled":
        before = failed_at.pop(index, None)
        if before is None:
            return ""
        seconds = (event["timestamp"] - before).total_seconds()
        return f"task retried after {shown_seconds(seconds)}"
    if phase == "Submitted":
        waits = str(details.get("resource", "")).endswith(_CALLBACK)
        return f"task submitted, waiting for {'the callback' if waits else 'its end'}"
    if phase.endswith(_FAILURES):
        failed_at[index] = event["timestamp"]
    text = _TASK_TEXTS.get(phase)
    return with_reason(text, _reason(details)) if text else ""


def _part_text(event: StatesEvent, path: str) -> str:
    """About a map or parallel state, an iteration, a map run, or the abort of a state."""
    kind, details = event_type(event), event_details(event)
    phase = next((each for each in _PHASES if kind.endswith(each)), None)
    if phase is None:
        return f"{path}: {_words(kind)}"
    if kind.startswith("MapIteration"):
        path = f"{path} [{details.get('index', '?')}]"
    if kind.startswith("MapRun"):
        path = f"{path}: map run"
    if kind == "MapStateStarted":
        length = details.get("length")
        known = "an unknown number of iterations" if length is None else count(length, "iteration")
        return f"{path}: {known}"
    if kind == "ParallelStateStarted":
        return f"{path}: branches started"
    return with_reason(f"{path} {_PHASES[phase]}", _reason(details))


def _reason(details: Mapping[str, object]) -> str:
    return reason(details.get("error"), details.get("cause"))


def _words(kind: str) -> str:
    """An event type that this module does not know: TaskPaused as task paused."""
    spaced = "".join(f" {each.lower()}" if each.isupper() else each for each in kind)
    return printable(spaced.strip())
