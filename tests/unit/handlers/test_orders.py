# SPDX-License-Identifier: MIT-0
"""The business steps of an order, and what may ask for one."""

import re

import pytest

import orders
from failure import InvalidInput

HOUR = 3600


@pytest.mark.parametrize(
    ("minutes", "seconds"),
    [(20, 1200), (0.5, 30), (8.2, 492), (1, 60), (0.001, 1), (59, 3540), (59.9999, 3599)],
)
def test_minutes_become_whole_seconds_below_the_execution_timeout(
    minutes: float, seconds: int
) -> None:
    assert orders.parse_wait_seconds({"minutes_to_wait": minutes}, HOUR) == seconds


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (-5, "-5"),
        (0, "0"),
        (60, "60"),
        (1e9, "1000000000.0"),
        (float("nan"), "NaN"),
        (float("inf"), "Infinity"),
        ("20", '"20"'),
        (True, "true"),
        (False, "false"),
        (None, "null"),
        ([], "[]"),
        ([20], "[20]"),
        ({}, "{}"),
    ],
)
def test_anything_else_is_refused_with_field_rule_and_value(minutes: object, shown: str) -> None:
    message = f"minutes_to_wait must be a number more than 0 and less than 60, got {shown}"
    with pytest.raises(InvalidInput, match=f"^{re.escape(message)}$"):
        orders.parse_wait_seconds({"minutes_to_wait": minutes}, HOUR)


def test_a_missing_field_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"^minutes_to_wait must be .*, got nothing$"):
        orders.parse_wait_seconds({}, HOUR)


@pytest.mark.parametrize(
    ("event", "shown"), [(None, "NoneType"), ([{"TaskToken": "t"}], "list"), ("20", "str")]
)
def test_an_event_that_is_no_object_is_refused_by_type_alone(event: object, shown: str) -> None:
    with pytest.raises(InvalidInput, match=f"^event must be a JSON object, got {shown}$"):
        orders.parse_wait_seconds(event, HOUR)


def test_the_limit_is_the_execution_timeout_that_is_given() -> None:
    with pytest.raises(InvalidInput, match=r"less than 1\.5, got 2$"):
        orders.parse_wait_seconds({"minutes_to_wait": 2}, 90)


def test_a_huge_value_is_shown_cut_to_size() -> None:
    with pytest.raises(InvalidInput) as refused:
        orders.parse_wait_seconds({"minutes_to_wait": "x" * 200_000}, HOUR)

    assert len(str(refused.value)) < 200


def test_an_order_made_again_is_the_same_order() -> None:
    first, again = orders.create_order("key"), orders.create_order("key")

    assert first["order_id"] == again["order_id"] == "order-key"


@pytest.mark.parametrize("key", [None, "a", "night-run_7-" + "0" * 52])
def test_an_order_has_the_key_that_the_event_gives_it(key: str | None) -> None:
    assert orders.parse_order_key({"order_key": key}) == key


@pytest.mark.parametrize(
    ("key", "shown"), [("", '""'), ("a b", '"a b"'), (7, "7"), ("x" * 65, f'"{"x" * 65}"')]
)
def test_a_key_that_cannot_name_an_order_is_refused(key: object, shown: str) -> None:
    rule = "a text of 1 to 64 letters, digits, hyphens and underscores"
    with pytest.raises(InvalidInput, match=f"^order_key must be {rule}, got {shown}$"):
        orders.parse_order_key({"order_key": key})
