# SPDX-License-Identifier: MIT-0
"""The omissions of a recording: the calls that failed, and what the limits left out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ..errors import ApiCallFailed

T = TypeVar("T")


@dataclass
class Omissions:
    """The reasons: the other answers are still worth showing."""

    reasons: list[str] = field(default_factory=list)

    def read(self, read: Callable[[], T], default: T) -> T:
        """The answer of a call, or the default and an omission if the call fails."""
        try:
            return read()
        except ApiCallFailed as failure:
            if str(failure) not in self.reasons:
                self.add(str(failure))
            return default

    def add(self, reason: str) -> None:
        self.reasons.append(reason)
