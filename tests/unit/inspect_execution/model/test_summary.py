# SPDX-License-Identifier: MIT-0
"""The summary of an execution: where and why it failed, and whether it can be redriven."""

from dataclasses import replace

import pytest

from inspect_execution.model.execution_view import build_view
from inspect_execution.model.prices import Prices
from inspect_execution.reading.aws_api import aws_cli

from ..events import EXECUTION, FAILED, STARTED, entered, recording, scheduled, told


@pytest.mark.parametrize(
    ("given", "aws", "next_"),
    [
        (
            {"redriveStatus": "REDRIVABLE"},
            aws_cli("eu-west-1", None),
            (
                "a redrive repeats what failed: aws --region eu-west-1 stepfunctions "
                f"redrive-execution --execution-arn {EXECUTION}",
            ),
        ),
        (
            {"redriveStatus": "REDRIVABLE"},
            aws_cli("eu-west-1", "http://[::1]:80/a b"),
            (
                "a redrive repeats what failed: aws --region eu-west-1 --endpoint-url "
                "'http://[::1]:80/a b' stepfunctions redrive-execution "
                f"--execution-arn {EXECUTION}",
            ),
        ),
        # Of an endpoint that has ended.
        ({"redriveStatus": "REDRIVABLE"}, "", ()),
        (
            {"redriveStatus": "NOT_REDRIVABLE", "redriveStatusReason": "it is too old"},
            "",
            ("it cannot be redriven: it is too old",),
        ),
    ],
)
def test_a_failure_says_where_why_and_whether_it_can_be_redriven(
    given: dict[str, str], aws: str, next_: tuple[str, ...]
) -> None:
    events = told(STARTED, entered("A"), scheduled(), FAILED, ("ExecutionFailed", FAILED[1]))
    failed = {"status": "FAILED", "error": "OutOfStock", "cause": "no widgets left"}
    recorded = replace(recording(events, **failed, **given), aws_cli=aws)
    [summary] = build_view(recorded, Prices()).summaries

    assert (summary.where, summary.why) == ("the state A", "OutOfStock: no widgets left")
    assert summary.next == next_


def test_a_success_has_no_summary() -> None:
    assert build_view(recording(told(STARTED)), Prices()).summaries == ()
