# SPDX-License-Identifier: MIT-0
"""What is printed can be pasted into the docs."""

import pytest

from benchmarks.report import Table, ratio
from benchmarks.synthesis import table


def test_a_table_is_markdown_with_aligned_columns_and_a_paragraph_a_note() -> None:
    shown = Table(("what", "s"), (("first", "10.0"), ("later run", "3")), ("One.", "Two."))

    assert shown.markdown().splitlines() == [
        "| what      |    s |",
        "| --------- | ---: |",
        "| first     | 10.0 |",
        "| later run |    3 |",
        "",
        "One.",
        "",
        "Two.",
    ]


@pytest.mark.parametrize(
    ("one", "other", "shown"), [(1, 3, "0.33"), (7, 2, "3.5"), (1200, 0.6, "2,000"), (2, 2, "1")]
)
def test_a_ratio_has_as_many_digits_as_say_something(one: float, other: float, shown: str) -> None:
    assert ratio(one, other) == shown


def test_a_synthesis_without_a_network_is_told_and_the_other_measured() -> None:
    alone = table((), (2.0, 3.0, 4.0), "No network.")
    both = table((7.0, 6.0), (2.0, 3.0, 4.0), "")

    assert alone.rows == (("the layer is in cdk.out", "3", "3.0", "1"),)
    assert alone.notes == ("No network.",)
    assert both.rows[0] == ("cdk.out is empty: pip builds the layer", "2", "6.5", "2.2")
