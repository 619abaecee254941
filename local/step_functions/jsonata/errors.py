# SPDX-License-Identifier: MIT-0
"""Failures of an expression, in the words of JSONata's reference implementation."""

import json
import re
from typing import Any

from jsonata.jexception import JException

# What a signature's letter means, in the plural: "must be an array of "numbers"".
_ARRAY_OF = {
    "a": "arrays",
    "b": "booleans",
    "f": "functions",
    "n": "numbers",
    "o": "objects",
    "s": "strings",
}
_PLACEHOLDER = re.compile(r"\{\{\{(\w+)\}\}\}|\{\{(\w+)\}\}")
# jsonata-python says "Object" wherever its Java ancestor replaced the word "function".
_TEMPLATES = {
    code: re.sub(r"(?<!an )\bObject\b", "function", text)
    for code, text in JException.error_codes.items()
}


def _constant_part(text: str) -> str:
    """The start of a sentence, up to its first value."""
    return re.split(r"%s|\{\{", text.replace("'", '"'))[0]


# Dates and numbers of jsonata-python fail with sentences alone.
_CODES = {_constant_part(text): code for code, text in _TEMPLATES.items() if text[0] != "{"}


class EvaluationError(Exception):
    """An expression that cannot be parsed or that fails while it is evaluated.

    Args:
        code: JSONata's error code, such as T2001; None where it has none
        message: the sentence
    """

    def __init__(self, code: str | None, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    @property
    def predicate(self) -> str:
        """How the service goes on after naming expression and field (recorded on AWS)."""
        start = "threw an error during evaluation"
        return f"{start}. {self.code}: {self.message}" if self.code else f"{start}: {self.message}"


class NothingReturned(EvaluationError):
    """An expression without a value."""

    def __init__(self) -> None:
        super().__init__(None, "returned nothing (undefined).")

    @property
    def predicate(self) -> str:
        return self.message


class UnsupportedResult(EvaluationError):
    """A result that is not JSON, such as a function."""

    def __init__(self) -> None:
        super().__init__(None, "returned an unsupported result type.")

    @property
    def predicate(self) -> str:
        return self.message


def evaluation_failure(code: str, *values: Any) -> JException:
    """The exception that the engine carries to the end of the evaluation."""
    return JException(code, -1, *values[:2], *([None] * (2 - len(values[:2]))), *values[2:3])


def evaluation_error(error: Exception) -> EvaluationError:
    """What an exception of the engine says, as the service says it."""
    if isinstance(error, EvaluationError):
        return error
    if isinstance(error, JException):
        if error.error not in _TEMPLATES:
            return EvaluationError(None, str(error.error))
        return EvaluationError(error.error, _message(error))
    if isinstance(error, KeyError):
        return EvaluationError(
            "D3132", _TEMPLATES["D3132"].replace("{{value}}", f'"{error.args[0]}"')
        )
    text = str(error)
    code = _CODES.get(_constant_part(text))
    return EvaluationError(code, text or type(error).__name__)


def _message(error: JException) -> str:
    values = [error.current, error.expected, error.extra]
    if error.error == "T0412":
        values[2] = _ARRAY_OF.get(str(values[2]), values[2])
    remaining = iter(values)

    def filled(match: re.Match[str]) -> str:
        value = next(remaining, None)
        if match[1]:
            return str(value)
        return json.dumps(value, ensure_ascii=False, default=str)

    return _PLACEHOLDER.sub(filled, _TEMPLATES[error.error])
