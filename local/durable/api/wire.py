# SPDX-License-Identifier: MIT-0
"""Requests and answers of Lambda's REST API, as they come over the wire."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...functions.lambda_error import LambdaError


@dataclass(frozen=True)
class Request:
    """One call of Lambda's API."""

    method: str
    raw_path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    def parameter(self, name: str) -> str | None:
        """A parameter of the query; None without it."""
        return self.query.get(name, [None])[0]

    def flag(self, name: str, *, default: bool) -> bool:
        """A parameter of the query that is true or false."""
        text = self.parameter(name)
        return default if text is None else text.lower() == "true"

    def document(self) -> dict[str, Any]:
        """The body, a JSON object.

        Raises:
            LambdaError: the body is none
        """
        try:
            document = json.loads(self.body or b"{}")
        except ValueError:
            document = None
        if not isinstance(document, dict):
            message = "Could not parse request body into json"
            raise LambdaError("InvalidRequestContentException", 400, message)
        return document


@dataclass(frozen=True)
class WireAnswer:
    """What goes back."""

    status: int
    body: bytes
    headers: dict[str, str]


def json_answer(document: dict[str, Any], status: int = 200) -> WireAnswer:
    """An answer with a JSON object."""
    body = json.dumps(document, default=_plain).encode()
    return WireAnswer(status, body, {"Content-Type": "application/json"})


def _plain(value: Any) -> float:
    """What the engine's documents have that is no JSON: times."""
    if isinstance(value, datetime):
        return seconds(value)
    raise TypeError(f"no JSON: {type(value).__name__}")


def seconds(time: datetime) -> float:
    """A time as the API writes it: seconds since 1970, to the millisecond."""
    return round(time.timestamp(), 3)


def invalid_parameter(message: str) -> LambdaError:
    return LambdaError("InvalidParameterValueException", 400, message)


def not_found(message: str) -> LambdaError:
    return LambdaError("ResourceNotFoundException", 404, message)


def conflict(message: str) -> LambdaError:
    return LambdaError("ResourceConflictException", 409, message)
