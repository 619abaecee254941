# SPDX-License-Identifier: MIT-0
"""The figures that do not depend on the machine, and the command that prints them."""

import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks import alternatives, assets
from benchmarks.instruments.observer import observing
from benchmarks.instruments.starter import Starter
from benchmarks.report import print_figures
from benchmarks.workflow import Workflow, estimate_table, measure_workflow, usage_table
from inspect_execution.model.prices import Prices
from local.cloudformation.assembly import read_assembly
from local.endpoint.interception import intercepting

from ...support.project import readme
from ...support.stacks.histories import (
    CALLBACK_STEPS,
    FULFILLED,
    INVOICED,
    VISITS,
    Story,
    charged_operations,
    invocations,
    operations,
)
from ...support.stacks.scenario import ASYNC, SYNC, Scenario

GUARD = "sfn-dfn-callback-guard-fn"
MEASUREMENTS = 5


@pytest.fixture(scope="module")
def workflow(scenario: Scenario) -> Workflow:
    """An execution that the machine did not hold up.

    The SDK sends the start of a step together with its end, unless the step takes more than a
    tenth of a second: then the start is a checkpoint call of its own.
    """
    for _ in range(MEASUREMENTS):
        measured = measure_workflow(scenario.deployment, Prices())
        if checkpoint_calls(measured) == len(operations(FULFILLED)) + len(operations(INVOICED)):
            break
    return measured


def test_what_every_function_takes_of_the_services_is_counted(workflow: Workflow) -> None:
    counted = [counts(FULFILLED), counts(INVOICED), counts()]
    expected = [*counted, [sum(column) for column in zip(*counted, strict=True)]]

    assert [row[:5] for row in usage_table(workflow).rows] == [
        (name, *map(str, row))
        for name, row in zip((ASYNC, SYNC, GUARD, "all"), expected, strict=True)
    ]


def checkpoint_calls(measured: Workflow) -> int:
    return sum(usage.checkpoint_calls for usage in measured.usage)


def counts(*stories: Story) -> list[int]:
    """Invocations, durable operations, checkpoint calls and other calls."""
    names = [name for story in stories for name in operations(story)]
    called = [name for name in names if name in CALLBACK_STEPS]
    return [invocations(*stories), charged_operations(*stories), len(names), len(called)]


def assert_quoted(rows: Iterable[tuple[str, ...]]) -> None:
    """docs/performance.md has rows with these first cells, which no machine changes."""
    text = re.sub(" +", " ", readme.section("Figures"))
    other = [row for row in rows if f"\n| {' | '.join(row)} | " not in text]

    assert other == [], (
        "docs/performance.md has other figures: replace its section by what "
        f"`.venv/bin/python -m benchmarks workflow` prints: {other}"
    )


def test_the_docs_quote_the_counts_and_charges_of_every_machine(
    workflow: Workflow,
) -> None:
    charged = {"durable operations", "state transitions", "invocations"}
    estimate = estimate_table(workflow, workflow).rows
    others = alternatives.table(workflow.estimate, Decimal(1), "arm64").rows

    assert_quoted(
        [
            # Without the bytes: a time of day may be written shorter.
            *(row[:5] for row in usage_table(workflow).rows),
            *(row[:3] for row in estimate if row[0] in charged),
            *(row[:2] for row in others),
        ]
    )


def test_the_docs_quote_about_the_size_of_the_code(assembly: Path) -> None:
    """Not to the byte: each comment would make the page wrong, and a reader wants to know how
    much of Lambda's limits the code takes.
    """
    text = readme.section("Size")
    # Without the layer, which has bytecode in it where the Python is the runtime's.
    sizes = assets.sizes(read_assembly(assembly).stacks[0])

    for name, size in sizes.items():
        if name != "layer":
            [quoted] = re.findall(rf"^\| {name} +\| +([\d,]+) \|", text, re.MULTILINE)
            assert int(quoted.replace(",", "")) == pytest.approx(size.unpacked, rel=0.5), name


def test_a_workflow_is_billed_with_its_compute_and_what_is_kept(workflow: Workflow) -> None:
    lines = {line.name: line for line in workflow.estimate.items}
    written = lines["data written"]
    charged = {
        "state transitions": (len(VISITS), "0.000025"),
        "durable operations": (charged_operations(FULFILLED, INVOICED), "0.000008"),
        "invocations": (invocations(FULFILLED, INVOICED), "0.0000002"),
    }

    for name, (quantity, price) in charged.items():
        assert lines[name].quantity == quantity, name
        assert lines[name].dollars == quantity * Decimal(price), name
    assert lines["compute"].dollars == lines["compute"].quantity * Decimal("0.0000133334")
    # Three days of a month of thirty, at $0.15 against $0.25 for having been written.
    assert lines["data kept"].quantity == 3 * written.quantity
    assert lines["data kept"].dollars * 10 / Decimal("0.15") == written.dollars / Decimal("0.25")
    shown = {row[0]: row[2] for row in estimate_table(workflow, workflow).rows}
    assert shown["durable operations"] == f"{lines['durable operations'].dollars * 1000:.4f}"
    assert shown["data kept"] == "< 0.0001"
    assert shown["all"] == f"{workflow.estimate.total * 1000:.4f}"


def test_what_was_observed_is_left_as_it_was(scenario: Scenario) -> None:
    gateway = scenario.deployment.endpoint.gateway
    sandboxes = scenario.deployment.endpoint.lambda_service.sandboxes
    before = gateway.intercept, sandboxes.invoke

    with observing(scenario.deployment.endpoint) as observer:
        assert gateway.intercept == observer.intercept
        assert sandboxes.invoke != before[1]

    assert (gateway.intercept, sandboxes.invoke) == before


def test_the_sizes_are_those_of_the_assembly(
    assembly: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(assets, "synthesize", lambda _: assembly)

    assert print_figures("assets") == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split("|")[1].strip() for line in lines[2:5]] == [
        "layer",
        f"{ASYNC}, {SYNC}",
        GUARD,
    ]


def test_a_cold_start_is_measured_up_to_the_first_call(scenario: Scenario, tmp_path: Path) -> None:
    endpoint = scenario.deployment.endpoint
    starter = Starter(endpoint, None, tmp_path)
    with intercepting(endpoint, starter.intercept):
        first = {
            version.name: starter.start(version, None, bytecode=True)
            for version in starter.versions()
        }

    assert {name: call.operation for name, call in first.items()} == {
        ASYNC: "CheckpointDurableExecution",
        SYNC: "CheckpointDurableExecution",
        GUARD: "GetDurableExecution",
    }
    assert all(call.seconds > 0 for call in first.values())
