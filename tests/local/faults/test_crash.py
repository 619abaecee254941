# SPDX-License-Identifier: MIT-0
"""Sandboxes killed at every point of their work, one after the other: nothing happens twice."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from ...support.assemblies.variants import append, variant
from ...support.stacks.histories import (
    CALLBACK_STEPS,
    FULFILLED,
    INVOICED,
    Finished,
    Story,
    business_steps,
)
from ...support.stacks.scenario import ASYNC, SYNC, Scenario, deployed
from .injection import Faults, Kill, Point

# Every business step puts on record what it did, and then calls here: a point to be killed at.
RECORDED = """

import os, urllib.request

_unrecorded_step = business_step

def business_step(context, name, work):
    return _unrecorded_step(context, name, lambda: _record(name, work()))

def _record(name, result):
    with open({ledger!r}, "a") as ledger:
        print(json.dumps([name, result]), file=ledger)
    credential = os.environ["AWS_ACCESS_KEY_ID"] + "/20260101/us-east-1/states/aws4_request"
    call = urllib.request.Request(
        os.environ["AWS_ENDPOINT_URL"] + "/" + name,
        headers={{"Authorization": "Credential=" + credential}},
    )
    try:
        urllib.request.urlopen(call, timeout=10)
    except OSError:
        pass
    return result
"""
STORIES = {ASYNC: FULFILLED, SYNC: INVOICED}
STEPS = business_steps(*STORIES.values())
CHECKPOINT = ["CheckpointDurableExecution arrives", "CheckpointDurableExecution is served"]
A_TIME = re.compile(r"\d{4}-\d\d-\d\dT[^\"]+")


def points_of(story: Story) -> list[str]:
    """What there is to be killed at; the SDK may send more checkpoints than these."""
    points = ["invocation begins"]
    for event_type, name in story:
        if event_type == "WaitStarted":
            points += [*CHECKPOINT, "invocation ends"]
        elif event_type == "WaitSucceeded":
            points.append("invocation begins")
        else:
            call = CALLBACK_STEPS.get(name, name)
            points += [f"{call} arrives", f"{call} is served", *CHECKPOINT]
    return [*points, "invocation ends"]


class Ledger:
    """The effects that business steps have had: step and result, one each time."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def clear(self) -> None:
        self.path.write_text("")

    def times(self) -> Counter[str]:
        """How often each step has run."""
        return self._steps(self.path.read_text().splitlines())

    def effects(self) -> Counter[str]:
        """How many effects each step has had: the same one twice, at another time, is one."""
        return self._steps(set(A_TIME.sub("", self.path.read_text()).splitlines()))

    def _steps(self, lines: Iterable[str]) -> Counter[str]:
        return Counter(json.loads(line)[0] for line in lines)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return Ledger(tmp_path_factory.mktemp("ledger") / "effects")


@pytest.fixture(scope="module")
def scenario(
    assembly: Path, ledger: Ledger, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scenario]:
    recorded = variant(assembly, tmp_path_factory.mktemp("recorded"))
    append(recorded, "business_step.py", RECORDED.format(ledger=str(ledger.path)))
    with deployed(recorded) as ready:
        yield ready


def until_nothing_is_left(
    scenario: Scenario, faults: Faults, ledger: Ledger
) -> Iterator[tuple[dict[str, Kill], Finished]]:
    """One execution for each point at which a function's sandbox can be killed.

    The functions work one after the other, so that an execution has room for a death of each.
    """
    # Not by their number in all: the SDK sends now more and now fewer checkpoints between them.
    spared: dict[str, set[Point]] = {function: set() for function in STORIES}
    while True:
        ledger.clear()
        faults.calls.clear()
        kills = {function: faults.kill(function, spared[function]) for function in STORIES}
        finished = scenario.run({"minutes_to_wait": 20})
        if not any(kill.at for kill in kills.values()):
            return
        for function, kill in kills.items():
            if kill.at:
                spared[function].add(kill.at)
        yield kills, finished


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


def test_a_sandbox_killed_at_any_point_costs_no_success_and_no_second_effect(
    scenario: Scenario, faults: Faults, ledger: Ledger
) -> None:
    points: dict[str, Counter[str]] = {function: Counter() for function in STORIES}
    for kills, finished in until_nothing_is_left(scenario, faults, ledger):
        at = "; ".join(
            f"{function} killed at {kill.at}: {json.dumps(kill.body)[:300]}"
            for function, kill in kills.items()
        )
        [order], [invoice] = finished.asynchronous, finished.synchronous
        times = ledger.times()

        assert finished.outcome.status == "SUCCEEDED", at
        assert (order.story(), invoice.story()) == (FULFILLED, INVOICED), at
        assert (order.status, invoice.status) == ("SUCCEEDED", "SUCCEEDED"), at
        assert faults.accepted("SendTaskSuccess") == 1, at
        assert "SendTaskFailure" not in faults.operations(), at
        assert ledger.effects() == Counter(STEPS), f"effects of each step, {at}"
        for function, kill in kills.items():
            points[function][kill.point] += 1
            for step in business_steps(STORIES[function]):
                assert times[step] in allowed(kill, step), f"{step} {at}"
    for function, story in STORIES.items():
        assert Counter(points_of(story)) - points[function] == Counter(), function
