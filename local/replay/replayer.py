# SPDX-License-Identifier: MIT-0
"""The replay of recorded executions through one version of a function, in a sandbox."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from ..errors import LocalError
from ..functions.function import FunctionVersion
from ..functions.sandboxes.sandbox import Sandbox
from ..functions.sandboxes.sandbox_process import caching_command, spawning
from .comparison import Difference, Replayed, classify, difference
from .recorded import RecordedExecution

PROGRAM = "local.replay.sandboxed"
# A replay does no work: one that takes longer does not end.
DEADLINE_SECONDS = 30
_NON_DETERMINISTIC = "NonDeterministicExecutionError"


@dataclass(frozen=True)
class ReplayResult:
    """What the handlers would do with a recorded execution.

    Args:
        difference: the first operation that differs; None if the execution would go on
        next: the name of the operation with which it would go on, if it does and has one
        states: how many recorded states were replayed
    """

    difference: str | None
    next: str | None = None
    states: int = 0


class Replayer:
    """A sandbox of one function version, for as long as the context lasts."""

    def __init__(self, version: FunctionVersion, environment: Mapping[str, str]) -> None:
        configuration = replace(version.configuration, timeout_seconds=DEADLINE_SECONDS)
        self._version = version
        self._sandbox = Sandbox(
            replace(version, configuration=configuration),
            environment,
            _ignore,
            spawning(caching_command(PROGRAM)),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._sandbox.end()

    def replay(self, recorded: RecordedExecution) -> ReplayResult:
        """Replay every state from which Lambda may have invoked the handler.

        Raises:
            LocalError: the handler does not load, or a replay does not end
        """
        points = recorded.points()
        for number, count in enumerate(points, 1):
            replayed = self._replay(recorded, count, by_name=False)
            found = difference(recorded, count, replayed) or _objection(replayed)
            if found:
                by_name = self._replay(recorded, len(recorded.events), by_name=True)
                return ReplayResult(classify(recorded, found, by_name), states=number)
        new = replayed.new
        return ReplayResult(None, new["Name"] if new else None, states=len(points))

    def _replay(self, recorded: RecordedExecution, count: int, *, by_name: bool) -> Replayed:
        event = {"arn": recorded.arn, "operations": recorded.state(count), "by_name": by_name}
        result = self._sandbox.invoke(json.dumps(event), self._version.arn)
        if not result.is_error:
            return Replayed(**json.loads(result.payload))
        error: dict[str, Any] = json.loads(result.payload)
        raise LocalError(
            f"{self._version.name} cannot be replayed: "
            f"{error.get('errorType')}: {error.get('errorMessage')}"
        )


def _objection(replayed: Replayed) -> Difference | None:
    """What the SDK itself refuses, in its own words."""
    error = replayed.output.get("Error") or {}
    if not str(error.get("ErrorType")).endswith(_NON_DETERMINISTIC):
        return None
    return Difference("", str(error.get("ErrorMessage")))


def _ignore(_version: FunctionVersion, _stream: str, _line: str, _moment: datetime) -> None:
    """A replay logs what the execution has logged once."""
