# SPDX-License-Identifier: MIT-0
"""The differences between a recorded execution and its replay. Pure functions."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..errors import shortened
from .recorded import TERMINAL, RecordedExecution, RecordedOperation

_KINDS = {"CHAINED_INVOKE": "chained invoke"}
_IDENTITY = ("Type", "SubType", "Name", "ParentId")
# Below these the handler may not come as far as it did: the order of branches is free.
_CONCURRENT = ("Map", "Parallel")
MAX_SHOWN_CHARACTERS = 200


@dataclass(frozen=True)
class Replayed:
    """What a handler did from one recorded state on.

    Args:
        asked: the operations it asked for, in their order
        new: the first that is not in the state; None if there is none
        output: what it would have answered to Lambda
    """

    asked: list[RecordedOperation]
    new: RecordedOperation | None
    output: dict[str, Any]

    @property
    def has_ended(self) -> bool:
        return bool(self.output["Status"] != "PENDING")


@dataclass(frozen=True)
class Difference:
    """The first operation that differs, by its id, and what differs, for a reader."""

    id: str
    text: str


def difference(recorded: RecordedExecution, count: int, replayed: Replayed) -> Difference | None:
    """The first difference of a replay that began after so many events; None if there is none."""
    known = {each["Id"]: each for each in recorded.operations()}
    for asked in replayed.asked:
        before = known.get(asked["Id"])
        if before and not _is_same(before, asked):
            return Difference(asked["Id"], _replaced(recorded, before, asked))
    state = {each["Id"]: each for each in recorded.operations(count)}
    for missing in _missing(state, replayed):
        text = f"{_place(recorded, missing)} was removed: the handler does not ask for it any more"
        return Difference(missing["Id"], text)
    is_complete = count == len(recorded.events)
    if is_complete and recorded.end is not None:
        return _difference_of_end(recorded, replayed)
    if not is_complete and replayed.has_ended:
        return _early_end(recorded, state, replayed)
    return None


def _difference_of_end(recorded: RecordedExecution, replayed: Replayed) -> Difference | None:
    """Of an execution that the handler itself has ended."""
    if replayed.new is not None:
        text = f"{_named(replayed.new)} is new: the recorded execution ended without it"
        return Difference(replayed.new["Id"], text)
    before, now = recorded.end, _end(replayed.output)
    if before == now:
        return None
    return Difference("", f"the end differs: {_shown(now)}, recorded is {_shown(before)}")


def _early_end(
    recorded: RecordedExecution, state: dict[str, RecordedOperation], replayed: Replayed
) -> Difference | None:
    following = [each for each in recorded.operations() if each["Id"] not in state]
    if not following or following[0]["ParentId"]:
        return None
    text = f"{_place(recorded, following[0])} was removed: the handler ends before it"
    return Difference(following[0]["Id"], f"{text}, with {_shown(_end(replayed.output))}")


def classify(recorded: RecordedExecution, found: Difference, by_name: Replayed) -> str:
    """What happened to an operation that differs.

    Args:
        by_name: what the handler does when it finds recorded operations by their names
    """
    everything = recorded.operations()
    before = next((each for each in everything if each["Id"] == found.id), None)
    now = next((each for each in by_name.asked if each["Id"] == found.id), None)
    if before is None or now is None or _label(before) == _label(now):
        return found.text
    siblings = [_label(each) for each in everything if each["ParentId"] == before["ParentId"]]
    asked = [each for each in by_name.asked if each["ParentId"] == now["ParentId"]]
    labels, position = [_label(each) for each in asked], asked.index(now)
    is_asked_later = _label(before) in labels[position + 1 :]
    place = _place(recorded, before)
    # A name can be that of several operations: one more of them is new.
    if labels[: position + 1].count(_label(now)) <= siblings.count(_label(now)):
        if is_asked_later:
            return f"{place} was moved: the handler now does {_named(now)} before it"
        return f"{place} was removed: the handler goes on with {_named(now)}"
    if is_asked_later:
        return f"{_named(now)} is new, before {place}"
    # An error of its own can be that of a new operation, answered with the recorded one's result.
    has_failed = by_name.output["Status"] == "FAILED" and _end(by_name.output) != recorded.end
    if before["Type"] == now["Type"] and not has_failed:
        return f"{place} was renamed: the handler now calls it {now['Name'] or 'nothing'}"
    return _instead(place, now)


def _is_same(before: RecordedOperation, now: RecordedOperation) -> bool:
    return all((before[key] or None) == (now[key] or None) for key in _IDENTITY)


def _replaced(
    recorded: RecordedExecution, before: RecordedOperation, now: RecordedOperation
) -> str:
    """An operation with another identity: its name is the same, or something takes its place."""
    place = _place(recorded, before)
    if _label(before) == _label(now):
        changed = [
            f"{key} is now {now[key] or 'none'}, recorded is {before[key] or 'none'}"
            for key in _IDENTITY
            if (before[key] or None) != (now[key] or None)
        ]
        return f"{place} was changed: {', '.join(changed)}"
    return _instead(place, now)


def _instead(place: str, now: RecordedOperation) -> str:
    """What is known where the handler does not show whether the recorded operation comes later."""
    return f"the handler does {_named(now)} where the history has {place}"


def _missing(
    state: dict[str, RecordedOperation], replayed: Replayed
) -> Iterator[RecordedOperation]:
    """The operations of the state that the handler had to ask for, and has not."""
    asked = {each["Id"] for each in replayed.asked}
    for operation in state.values():
        if operation["Id"] not in asked and not any(
            parent["Status"] in TERMINAL or parent["SubType"] in _CONCURRENT
            for parent in _parents(state, operation)
        ):
            yield operation


def _parents(
    state: dict[str, RecordedOperation], operation: RecordedOperation
) -> Iterator[RecordedOperation]:
    parent = state.get(operation["ParentId"] or "")
    while parent is not None:
        yield parent
        parent = state.get(parent["ParentId"] or "")


def _label(operation: RecordedOperation) -> str:
    """What makes an operation the same one in another place: its name, or its type without one."""
    return str(operation["Name"] or operation["Type"])


def _named(operation: RecordedOperation) -> str:
    kind = _KINDS.get(operation["Type"], str(operation["Type"]).lower())
    return f"{kind} {operation['Name']}" if operation["Name"] else f"a {kind} without a name"


def _place(recorded: RecordedExecution, operation: RecordedOperation) -> str:
    """An operation with its number among all of the execution, as a console lists them."""
    ids = [each["Id"] for each in recorded.operations()]
    return f"{_named(operation)} (operation {ids.index(operation['Id']) + 1})"


def _end(output: dict[str, Any]) -> Any:
    if output["Status"] == "SUCCEEDED":
        return {"Result": json.loads(output.get("Result") or "null")}
    if output["Status"] == "FAILED":
        error = output.get("Error") or {}
        return {"Error": [error.get("ErrorType"), error.get("ErrorMessage")]}
    return "it goes on"


def _shown(end: Any) -> str:
    if isinstance(end, str):
        text = end
    elif "Error" in end:
        text = f"the error {': '.join(str(part) for part in end['Error'] if part is not None)}"
    else:
        text = f"the result {json.dumps(end['Result'])}"
    return shortened(text, MAX_SHOWN_CHARACTERS)
