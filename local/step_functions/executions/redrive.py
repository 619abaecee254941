# SPDX-License-Identifier: MIT-0
"""The rules for redriving an execution: which one may be, and which request is a repetition.

https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

MAX_EVENTS = 24_999
MAX_OPEN_TIME = timedelta(days=365)
REDRIVABLE_PERIOD = timedelta(days=14)
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html
TOKENS_KEPT = 10
TOKEN_LIFETIME = timedelta(minutes=15)


def reason_against(
    status: str, started: datetime, stopped: datetime | None, events: int, now: datetime
) -> str | None:
    """Why an execution cannot be redriven, in the service's words; nothing if it can.

    Args:
        stopped: when it ended
        events: how many its history has
    """
    if status in ("RUNNING", "SUCCEEDED") or stopped is None:
        return f"Execution is {status} and cannot be redriven"
    if events >= MAX_EVENTS:
        return "Execution history event limit exceeded"
    if now - started > MAX_OPEN_TIME:
        return "Execution has exceeded the max execution time"
    if now - stopped > REDRIVABLE_PERIOD:
        return "Execution redrivable period exceeded"
    return None


@dataclass
class Redrives:
    """The redrives of one execution."""

    dates: list[datetime] = field(default_factory=list)
    _tokens: dict[str, datetime] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.dates)

    @property
    def latest(self) -> datetime | None:
        return self.dates[-1] if self.dates else None

    def date_of(self, token: str | None, now: datetime) -> datetime | None:
        """When the redrive of that client token was; nothing if it is too old or there is none."""
        date = self._tokens.get(token) if token is not None else None
        return date if date is not None and now - date <= TOKEN_LIFETIME else None

    def add(self, token: str | None, date: datetime) -> None:
        self.dates.append(date)
        if token is not None:
            self._tokens.pop(token, None)
            self._tokens[token] = date
        for oldest in list(self._tokens)[:-TOKENS_KEPT]:
            del self._tokens[oldest]
