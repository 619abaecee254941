# SPDX-License-Identifier: MIT-0
"""Timestamps of definitions and data: RFC 3339, with an upper-case T, and Z or an offset."""

import re
from datetime import datetime

# https://states-language.net/spec.html#timestamps
_TIMESTAMP = re.compile(
    r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
_MICROSECOND_DIGITS = 6


def parse_timestamp(text: object) -> datetime | None:
    """The time with its offset, or None where the text is no timestamp.

    A fraction finer than a microsecond is cut off.
    """
    match = _TIMESTAMP.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    fraction = (match[2] or "").ljust(_MICROSECOND_DIGITS, "0")[:_MICROSECOND_DIGITS]
    try:
        return datetime.fromisoformat(f"{match[1]}.{fraction}{match[3].replace('Z', '+00:00')}")
    except ValueError:
        return None
