# SPDX-License-Identifier: MIT-0
"""What comes from an execution is shown bounded, and with nothing hidden in it."""

import pytest

from inspect_execution.text import duration, offset, printable

from .events import at


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("plain", "plain"),
        ("漢字 é", "漢字 é"),
        ("\x1b[2J", "\\u001b[2J"),
        ("a\nb", "a\\u000ab"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\u2066x\u2069\ufeff", "\\u2066x\\u2069\\ufeff"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("👩\u200d💻 ❤️\u200d🔥", "👩\u200d💻 ❤️\u200d🔥"),
        ("pay\u200dpal", "pay\\u200dpal"),
        ("x" * 201, "x" * 200 + "… (201 characters)"),
    ],
)
def test_hidden_characters_are_made_visible(text: str, told: str) -> None:
    assert printable(text) == told


def test_lines_may_be_kept() -> None:
    assert printable('{\n\t"a": 1\r\n}', kept_as_is="\n\t") == '{\n\t"a": 1\\u000d\n}'


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0.000 s"),
        (-1, "0.000 s"),
        (0.25, "0.250 s"),
        (59.4, "59.4 s"),
        (60, "1 min"),
        (1212, "20 min 12 s"),
        (3600, "1 h"),
        (11_100, "3 h 5 min"),
        (187_200, "2 d 4 h"),
        (31_536_000, "365 d"),
    ],
)
def test_a_duration_is_told_in_two_units_at_most(seconds: float, told: str) -> None:
    assert duration(seconds) == told


def test_a_time_is_told_from_the_start() -> None:
    assert offset(at(1201.2345), at(0)) == "0:20:01.234"
    assert offset(at(-1), at(0)) == "0:00:00.000"


def test_less_than_a_minute_is_not_told_as_sixty_seconds() -> None:
    assert [duration(59.97), duration(59.94), duration(60)] == ["59.9 s", "59.9 s", "1 min"]
