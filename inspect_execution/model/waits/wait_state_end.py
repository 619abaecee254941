# SPDX-License-Identifier: MIT-0
"""The end of a Wait state, from its definition and its input.

https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
"""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from .state_definitions import State

# A path without filters, or the same as JSONata: what needs an interpreter is not known here.
_PATH = re.compile(r"\$((?:\.\w+)*)")
_JSONATA = re.compile(r"\{%\s*\$states\.input((?:\.\w+)*)\s*%\}")
_MAX_SECONDS = 366 * 86_400


def wait_state_end(state: State, text: str, entered: datetime) -> datetime | None:
    """When a Wait state ends; None if only an interpreter of the definition knows.

    Args:
        text: the state's input, as JSON
    """
    try:
        end = _timestamp(_value(state, "Timestamp", text))
        seconds = _value(state, "Seconds", text)
        if end is None and isinstance(seconds, int | float) and 0 <= seconds <= _MAX_SECONDS:
            end = entered + timedelta(seconds=float(seconds))
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return end


def _value(state: State, key: str, text: str) -> Any:
    """The value of a field: literal, at a path in the input, or a name in JSONata's $states."""
    given = state.get(key)
    path = state.get(f"{key}Path")
    if isinstance(path, str) and state.get("InputPath", "$") == "$":
        return _at(_PATH.fullmatch(path), text)
    if isinstance(given, str) and given.startswith("{%"):
        return _at(_JSONATA.fullmatch(given), text)
    return given


def _at(match: re.Match[str] | None, text: str) -> Any:
    if match is None:
        return None
    value = json.loads(text)
    for name in match[1].split(".")[1:]:
        value = value[name]
    return value


def _timestamp(text: Any) -> datetime | None:
    if not isinstance(text, str):
        return None
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)
