# SPDX-License-Identifier: MIT-0
"""Text from an execution, fit to be shown: bounded, and with nothing hidden in it."""

import unicodedata
from datetime import datetime, timedelta

SHOWN_CHARACTERS = 200
# Control characters steer a terminal, and format characters such as U+202E turn text around.
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


def printable(text: str, limit: int = SHOWN_CHARACTERS, kept_as_is: str = "") -> str:
    """At most so many characters of a text and a word on the rest; hidden ones as escapes, but
    for those that are to be kept.
    """
    kept = text[:limit]
    if not kept.isascii() or not kept.isprintable():
        kept = "".join(each if each in kept_as_is else _visible(each) for each in kept)
    return kept if len(text) <= limit else f"{kept}… ({len(text):,} characters)"


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN:
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def duration(seconds: float) -> str:
    """Seconds in words: 0.004 s, 12.3 s, 20 min 12 s, 3 h 5 min, 2 d 4 h."""
    if seconds < 1:
        return f"{max(seconds, 0):.3f} s"
    if seconds < 60:
        # Rounded up it would be a minute, in other words.
        return f"{min(seconds, 59.9):.1f} s"
    for large, small, size in (("min", "s", 60), ("h", "min", 3600), ("d", "h", 86_400)):
        if seconds < size * {"min": 60, "h": 24, "d": float("inf")}[large]:
            whole, rest = divmod(int(seconds), size)
            part = rest // {"s": 1, "min": 60, "h": 3600}[small]
            return f"{whole} {large} {part} {small}" if part else f"{whole} {large}"
    raise AssertionError("days have no end")


def offset(time: datetime, start: datetime) -> str:
    """A time as hours, minutes and seconds since the start: 0:20:01.234."""
    milliseconds = max(0, (time - start) // timedelta(milliseconds=1))
    minutes, milliseconds = divmod(milliseconds, 60_000)
    return f"{minutes // 60}:{minutes % 60:02}:{milliseconds / 1000:06.3f}"


def count(number: int, noun: str) -> str:
    """A number with its noun: 1 invocation, 2 invocations."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
