# SPDX-License-Identifier: MIT-0
"""The input of an execution, parsed: JSON text, or the name of a file with JSON."""

import json
import re
from pathlib import Path

from ..errors import UsageError, shortened

SHOWN_CHARACTERS = 100
# A text that begins so is meant as JSON: its error is that of the JSON, not of a missing file.
_JSON_START = re.compile(r'\s*[\[{"\d-]|\s*(true|false|null)\b|\s*$')


def parse_input(text: str) -> str:
    """Return JSON text as it is, or the JSON text in the file of that name.

    Raises:
        UsageError: it is neither
    """
    json_error = _json_error(text)
    if json_error is None:
        return text
    try:
        content = Path(text).read_text()
    except (OSError, ValueError) as error:
        is_json = _JSON_START.match(text) is not None
        raise _refusal(text, json_error if is_json else _file_reason(error)) from None
    content_error = _json_error(content)
    if content_error is not None:
        raise _refusal(text, f"the file is not JSON: {content_error}")
    return content


def _refusal(text: str, reason: str) -> UsageError:
    shown = shortened(text, SHOWN_CHARACTERS)
    return UsageError(f"--input must be JSON or a file with JSON, got {shown}: {reason}")


def _file_reason(error: Exception) -> str:
    return str((error.strerror or error) if isinstance(error, OSError) else error)


def _json_error(text: str) -> str | None:
    """Why a text is not JSON; None if it is."""
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        # Every version of Python has other words for it.
        return "nested too deeply"
    except ValueError as error:
        return str(error)
    return None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
