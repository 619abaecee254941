# SPDX-License-Identifier: MIT-0
"""A sandbox killed at every point of its work, one after the other: nothing happens twice."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from ...histories import FULFILLED, INVOICED, Finished
from ..assemblies import append, variant
from ..scenario import ASYNC, SYNC, Scenario, deployed
from .injection import Faults, Kill, Point

# Business steps that put on record what they do, and then call here: a point to be killed at.
RECORDED = """

import os, urllib.request

def _recorded(step):
    def work(*args):
        result = step(*args)
        with open({ledger!r}, "a") as ledger:
            print(step.__name__, result[{key!r}], file=ledger)
        credential = os.environ["AWS_ACCESS_KEY_ID"] + "/20260101/us-east-1/states/aws4_request"
        call = urllib.request.Request(
            os.environ["AWS_ENDPOINT_URL"] + "/" + step.__name__,
            headers={{"Authorization": "Credential=" + credential}},
        )
        try:
            urllib.request.urlopen(call, timeout=10)
        except OSError:
            pass
        return result
    return work

{steps}
"""
STEPS = {
    "orders.py": ("order_id", ["create_order", "notify_customer"]),
    "invoices.py": ("invoice_id", ["create_invoice", "send_invoice"]),
}

CHECKPOINT = ["CheckpointDurableExecution arrives", "CheckpointDurableExecution is served"]


def around(name: str) -> list[str]:
    return [f"{name} arrives", f"{name} is served", *CHECKPOINT]


# What there is to be killed at; the SDK may send more checkpoints than these.
POINTS = {
    ASYNC: [
        "invocation begins",
        *around("create_order"),
        *CHECKPOINT,
        "invocation ends",
        "invocation begins",
        *around("SendTaskHeartbeat"),
        *around("notify_customer"),
        *around("SendTaskSuccess"),
        "invocation ends",
    ],
    SYNC: [
        "invocation begins",
        *around("create_invoice"),
        *CHECKPOINT,
        "invocation ends",
        "invocation begins",
        *around("send_invoice"),
        "invocation ends",
    ],
}


class Ledger:
    """The effects that business steps have had: step and id, one each time."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def clear(self) -> None:
        self.path.write_text("")

    def times(self) -> Counter[str]:
        return Counter(line.split()[0] for line in self.path.read_text().splitlines())

    def effects(self) -> set[tuple[str, ...]]:
        """What differs for whoever is affected: the same effect twice is one."""
        return {tuple(line.split()) for line in self.path.read_text().splitlines()}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return Ledger(tmp_path_factory.mktemp("ledger") / "effects")


@pytest.fixture(scope="module")
def scenario(
    assembly: Path, ledger: Ledger, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scenario]:
    recorded = variant(assembly, tmp_path_factory.mktemp("recorded"))
    for module, (key, steps) in STEPS.items():
        wrapped = "\n".join(f"{step} = _recorded({step})" for step in steps)
        append(recorded, module, RECORDED.format(ledger=str(ledger.path), key=key, steps=wrapped))
    with deployed(recorded) as ready:
        yield ready


def until_nothing_is_left(
    scenario: Scenario, faults: Faults, ledger: Ledger, function: str
) -> Iterator[tuple[Kill, Finished]]:
    """One execution for each point at which the function's sandbox can be killed."""
    # Not by their number in all: the SDK sends now more and now fewer checkpoints between them.
    spared: set[Point] = set()
    while True:
        ledger.clear()
        faults.calls.clear()
        kill = faults.kill(function, spared)
        finished = scenario.run({"minutes_to_wait": 20})
        if kill.at is None:
            return
        spared.add(kill.at)
        yield kill, finished


def allowed(kill: Kill, step: str) -> set[int]:
    """How often a step may have had its effect: at least once in each attempt, says the SDK.

    https://docs.aws.amazon.com/lambda/latest/dg/durable-basic-concepts.html
    """
    is_unrecorded = kill.point.endswith("arrives") and step in kill.steps("SUCCEED")
    if is_unrecorded or kill.point.startswith(f"{step} "):
        return {2}
    if step in kill.steps("START") - kill.steps("SUCCEED"):
        # The step runs while its start is being recorded.
        return {1, 2}
    return {1}


@pytest.mark.parametrize("function", [ASYNC, SYNC])
def test_a_sandbox_killed_at_any_point_costs_no_success_and_no_second_effect(
    scenario: Scenario, faults: Faults, ledger: Ledger, function: str
) -> None:
    points = []
    for kill, finished in until_nothing_is_left(scenario, faults, ledger, function):
        points.append(kill.point)
        at = f"killed at {kill.at}: {json.dumps(kill.body)[:300]}"
        [order], [invoice] = finished.asynchronous, finished.synchronous
        times = ledger.times()

        assert finished.outcome.status == "SUCCEEDED", at
        assert (order.story(), invoice.story()) == (FULFILLED, INVOICED), at
        assert (order.status, invoice.status) == ("SUCCEEDED", "SUCCEEDED"), at
        assert faults.accepted("SendTaskSuccess") == 1, at
        assert "SendTaskFailure" not in faults.operations(), at
        assert len(ledger.effects()) == 4, at
        for step in (step for _, steps in STEPS.values() for step in steps):
            assert times[step] in allowed(kill, step), f"{step} {at}"
    assert Counter(POINTS[function]) - Counter(points) == Counter()
