# SPDX-License-Identifier: MIT-0
"""The Retry and Catch of a state: what an error leads to.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .state_definitions import State

TIMEOUT, HEARTBEAT_TIMEOUT = "States.Timeout", "States.HeartbeatTimeout"
_ALL, _TASK_FAILED = "States.ALL", "States.TaskFailed"
# States.ALL does not match these.
_FATAL = ("States.DataLimitExceeded", "States.Runtime")
_DEFAULT_ATTEMPTS, _DEFAULT_SECONDS, _DEFAULT_RATE = 3, 1, 2.0


@dataclass(frozen=True)
class NextRetry:
    """The retry that follows a failure.

    Args:
        number: from 1
        seconds: the time before it; with jitter, at most
    """

    number: int
    maximum: int
    seconds: float
    has_jitter: bool

    @property
    def description(self) -> str:
        return f"retry {self.number} of {self.maximum}"


def next_retry(state: State, errors: Sequence[str]) -> NextRetry | None:
    """The retry that follows the last of these failures of a state; None if it is not retried.

    Args:
        errors: of all its failures so far, in their order
    """
    retriers = _list(state.get("Retry"))
    matched = [_first(retriers, error) for error in errors]
    if not matched or matched[-1] is None:
        return None
    retrier = retriers[matched[-1]]
    number, maximum = matched.count(matched[-1]), _number(retrier, "MaxAttempts", _DEFAULT_ATTEMPTS)
    if number > maximum:
        return None
    first = _number(retrier, "IntervalSeconds", _DEFAULT_SECONDS)
    seconds = first * _number(retrier, "BackoffRate", _DEFAULT_RATE) ** (number - 1)
    limit = _number(retrier, "MaxDelaySeconds", seconds)
    jitter = retrier.get("JitterStrategy") == "FULL"
    return NextRetry(number, int(maximum), min(seconds, limit), jitter)


def catching_state(state: State, error: str) -> str:
    """The state that a Catch goes on with; empty if no Catch handles the error."""
    catchers = _list(state.get("Catch"))
    index = _first(catchers, error)
    return "" if index is None else str(catchers[index].get("Next", ""))


def _first(handlers: list[dict[str, Any]], error: str) -> int | None:
    """The index of the first retrier or catcher that handles an error."""
    found = (n for n, each in enumerate(handlers) if _handles(_list_of_names(each), error))
    return next(found, None)


def _handles(names: list[str], error: str) -> bool:
    is_timeout = error in (TIMEOUT, HEARTBEAT_TIMEOUT)
    if error in names or (error == HEARTBEAT_TIMEOUT and TIMEOUT in names):
        return True
    if _ALL in names:
        return error not in _FATAL
    return _TASK_FAILED in names and not is_timeout


def _list(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _list_of_names(handler: dict[str, Any]) -> list[str]:
    names = handler.get("ErrorEquals")
    return [str(name) for name in names] if isinstance(names, list) else []


def _number(retrier: dict[str, Any], key: str, default: float) -> float:
    value = retrier.get(key, default)
    return float(value) if isinstance(value, int | float) else float(default)
