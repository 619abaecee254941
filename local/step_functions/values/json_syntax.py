# SPDX-License-Identifier: MIT-0
"""Errors of JSON texts, worded as the service's JSON parser words them."""

import json
import re

_WORD = re.compile(r"\w+")
_EXPECTED = "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"


def describe_json_error(text: str, error: Exception) -> tuple[str, str | None]:
    """The message with its position, and the position.

    Args:
        text: what is no JSON
        error: why Python's parser refuses it
    """
    if not isinstance(error, json.JSONDecodeError):
        return str(error), None
    column = error.colno
    if word := _WORD.match(text, error.pos):
        column += len(word[0])
    at = f'[Source: (String)"{text}"; line: {error.lineno}, column: {column}]'
    return f"{json_error_message(text, error)}\n at {at}", at


def json_error_message(text: str, error: ValueError) -> str:
    """The message without its position."""
    if not isinstance(error, json.JSONDecodeError):
        return str(error)
    if error.msg.startswith("Expecting value") and (word := _WORD.match(text, error.pos)):
        return f"Unrecognized token '{word[0]}': {_EXPECTED}"
    if error.pos >= len(text.rstrip()):
        return "Unexpected end-of-input"
    if error.msg.startswith("Expecting property name"):
        found = text[error.pos]
        return (
            f"Unexpected character ('{found}' (code {ord(found)})): "
            "was expecting double-quote to start field name"
        )
    found = text[error.pos]
    return f"Unexpected character ('{found}' (code {ord(found)})): {error.msg}"
