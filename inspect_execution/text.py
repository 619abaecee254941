# SPDX-License-Identifier: MIT-0
"""Texts for a reader: data of an execution made printable, durations, times and counts."""

import re
import unicodedata
from datetime import datetime, timedelta

SHOWN_CHARACTERS = 200
# The joiner between two emoji makes them one; anywhere else it is hidden.
_EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"
_JOINER = re.compile(f"(?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}])")
# Control characters steer a terminal, and format characters such as U+202E reverse a text.
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


def printable(text: str, limit: int = SHOWN_CHARACTERS, kept_as_is: str = "") -> str:
    """The first characters of a text and its length, with hidden characters as escapes.

    Args:
        limit: how many characters
        kept_as_is: hidden characters that stay
    """
    kept = text[:limit]
    if not kept.isascii() or not kept.isprintable():
        joiners = {match.start() for match in _JOINER.finditer(kept)}
        kept = "".join(
            each if each in kept_as_is or place in joiners else _visible(each)
            for place, each in enumerate(kept)
        )
    return kept if len(text) <= limit else f"{kept}… ({len(text):,} characters)"


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN:
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def duration(seconds: float) -> str:
    """Seconds in one or two units: 0.004 s, 12.3 s, 20 min 12 s, 3 h 5 min, 2 d 4 h."""
    if seconds < 1:
        return f"{max(seconds, 0):.3f} s"
    if seconds < 60:
        # 59.97 s would be rounded to 60.0 s, which is 1 min.
        return f"{min(seconds, 59.9):.1f} s"
    seconds = round(seconds)
    if seconds < 3600:
        return _two_units(seconds, ("min", 60), ("s", 1))
    if seconds < 86_400:
        return _two_units(seconds, ("h", 3600), ("min", 60))
    return _two_units(seconds, ("d", 86_400), ("h", 3600))


def _two_units(seconds: float, large: tuple[str, int], small: tuple[str, int]) -> str:
    whole, rest = divmod(int(seconds), large[1])
    part = rest // small[1]
    return f"{whole} {large[0]} {part} {small[0]}" if part else f"{whole} {large[0]}"


def offset(time: datetime, start: datetime) -> str:
    """A time as hours, minutes and seconds since the start: 0:20:01.234."""
    milliseconds = max(0, (time - start) // timedelta(milliseconds=1))
    minutes, milliseconds = divmod(milliseconds, 60_000)
    return f"{minutes // 60}:{minutes % 60:02}:{milliseconds / 1000:06.3f}"


def count(number: int, noun: str) -> str:
    """A number with its noun: 1 invocation, 2 invocations."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
