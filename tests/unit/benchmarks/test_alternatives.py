# SPDX-License-Identifier: MIT-0
"""The formulas, to the last digit."""

from decimal import Decimal

import botocore.session
import pytest

from benchmarks.alternatives import (
    MAX_INVOCATION_SECONDS,
    Terms,
    longest_period,
    polling,
    sleeping,
    table,
    this_pattern,
    wait_states,
)
from inspect_execution.model.cost_estimate import CostEstimate, LineItem
from inspect_execution.model.prices import Prices

TERMS = Terms(Decimal("0.5"), Decimal("0.01"), Decimal("0.04"), Decimal("0.2"))
ESTIMATE = CostEstimate(
    (
        LineItem("state transitions", Decimal(2), "", Decimal("0.00005")),
        LineItem("durable operations", Decimal(10), "", Decimal("0.00008")),
        LineItem("invocations", Decimal(4), "", Decimal("0.0000008")),
        LineItem("compute", Decimal("0.6"), "GB-s", Decimal("0.000008")),
    ),
    Prices(),
    (),
)


def test_wait_states_cost_six_transitions_and_four_invocations() -> None:
    assert wait_states(TERMS).dollars == Decimal("3.20")


@pytest.mark.parametrize(
    ("period", "invocations"), [(60, 22), (7, 1 + 172 + 2), (1, 1211), (1200, 3)]
)
def test_polling_costs_an_invocation_to_begin_and_one_for_each_period(
    period: int, invocations: int
) -> None:
    assert polling(TERMS, period).dollars == invocations * Decimal("0.05")


def test_sleeping_costs_every_second_and_a_request_for_each_30_minutes() -> None:
    assert sleeping(TERMS).dollars == Decimal("0.01") + 1210 * Decimal("0.2")


def test_a_sleep_fits_into_the_longest_timeout_that_lambda_takes() -> None:
    model = botocore.session.get_session().get_service_model("lambda")
    timeout = model.operation_model("CreateFunction").input_shape.members["Timeout"]

    assert f"the maximum allowed value is {MAX_INVOCATION_SECONDS:,} seconds" in (
        timeout.documentation
    )
    assert sleeping(TERMS).formula == "⌈1210 / 1800⌉ R + 1210 S"


def test_the_terms_are_the_bills_with_compute_shared_out_among_its_invocations() -> None:
    assert Terms.of(ESTIMATE, Decimal(2), "arm64") == Terms(
        transition=Decimal("0.000025"),
        request=Decimal("0.0000002"),
        compute=Decimal("0.000002"),
        second=Decimal("0.0000266668"),
    )


def test_this_pattern_costs_its_bill() -> None:
    pattern = this_pattern(ESTIMATE)

    assert (pattern.formula, pattern.dollars) == (
        "2 T + 10 O + 4 (R + C) + data",
        Decimal("0.0001388"),
    )


def test_the_longest_period_that_costs_as_much_is_found() -> None:
    # 20 polls are enough up to 1200 / 19 s.
    assert longest_period(TERMS, Decimal("1.1")) == 63
    assert longest_period(TERMS, Decimal(1000)) == 0


def test_every_way_is_a_ratio_to_this_pattern() -> None:
    rows = table(ESTIMATE, Decimal(1), "arm64").rows

    assert [(row[2], row[3]) for row in rows] == [
        ("0.1388", "1"),
        ("0.1588", "1.1"),
        ("0.0484", "0.35"),
        ("0.2684", "1.9"),
        ("2.6642", "19"),
        ("16.1336", "116"),
    ]
