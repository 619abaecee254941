# SPDX-License-Identifier: MIT-0
"""Comparisons of Choice states, and what paths select and where they place a result."""

from typing import Any

import pytest

from local.step_functions.values.comparison import fits
from local.step_functions.values.json_path import NoPlace, NothingSelected, placed, select


@pytest.mark.parametrize(
    ("operator", "value", "operand", "fit"),
    [
        ("StringMatches", "log-2.txt", "log-*.txt", True),
        ("StringMatches", "a\nb", "a*", True),
        ("StringMatches", "a*b", r"a\*b", True),
        ("StringMatches", "axb", r"a\*b", False),
        ("StringMatches", "a\\x", r"a\\*", True),
        ("StringMatches", "a", "[a]", False),
        ("StringMatches", 1, "*", False),
        ("StringLessThan", "😀", "\uffff", True),
        ("StringEquals", 1, "1", False),
        ("NumericEquals", 1.0, 1, True),
        ("NumericEquals", True, 1, False),
        ("NumericLessThan", 1, "2", False),
        ("BooleanEquals", 0, False, False),
        ("TimestampLessThanEquals", "2026-01-01T00:00:00.5+01:00", "2026-01-01T00:00:00Z", True),
        ("TimestampEquals", "2026-01-01", "2026-01-01T00:00:00Z", False),
        ("IsNull", None, True, True),
        ("IsNull", 0, False, True),
        ("IsNumeric", True, True, False),
        ("IsTimestamp", "2026-01-01T00:00:00Z", True, True),
    ],
)
def test_a_value_fits_an_operator_of_its_type(
    operator: str, value: Any, operand: Any, fit: bool
) -> None:
    assert fits(operator, value, operand) is fit


def test_a_path_reads_nothing_in_a_text() -> None:
    assert select("$", "null") == "null"
    assert select("$..a", '{"a": 1}') == []
    with pytest.raises(NothingSelected):
        select("$.a", '{"a": 1}')


@pytest.mark.parametrize(
    ("path", "data", "result"),
    [
        ("$", 1, "r"),
        ("$.a", {"b": 1}, {"b": 1, "a": "r"}),
        ("$.a.b", {}, {"a": {"b": "r"}}),
        ("$['a b'].c", {"a b": {"d": 1}}, {"a b": {"d": 1, "c": "r"}}),
        ("$.a[1]", {"a": [1, 2]}, {"a": [1, "r"]}),
    ],
)
def test_a_result_is_placed_in_the_input(path: str, data: Any, result: Any) -> None:
    assert placed(path, data, "r") == result


@pytest.mark.parametrize(
    ("path", "data"),
    [("$.a", [1]), ("$.a.b", {"a": 1}), ("$.a.b", {"a": None}), ("$.a[2]", {"a": [1, 2]})],
)
def test_a_result_has_no_place_in_what_is_no_object(path: str, data: Any) -> None:
    before = repr(data)
    with pytest.raises(NoPlace):
        placed(path, data, "r")
    assert repr(data) == before
