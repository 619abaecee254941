# SPDX-License-Identifier: MIT-0
"""A definition becomes a graph that can be drawn, and no line runs through a state."""

import json
from itertools import combinations
from typing import Any

import pytest

from inspect_execution.model.definition_graph import Edge, parse_definition
from inspect_execution.page.graph_layout import GraphLayout, StateBox, lay_out
from inspect_execution.page.graph_ranking import rank
from inspect_execution.page.graph_svg import StateStatus, draw
from inspect_execution.status import Status

MACHINE: dict[str, Any] = {
    "StartAt": "A",
    "States": {
        "A": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.x", "IsPresent": True, "Next": "B"}],
            "Default": "C",
        },
        "B": {
            "Type": "Task",
            "Resource": "r",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "E"}],
            "Next": "D",
        },
        "C": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "C1", "States": {"C1": {"Type": "Pass", "End": True}}},
                {"StartAt": "C2", "States": {"C2": {"Type": "Wait", "Seconds": 1, "End": True}}},
            ],
            "Next": "E",
        },
        "D": {"Type": "Wait", "Seconds": 1, "Next": "A"},
        "E": {
            "Type": "Map",
            "ItemProcessor": {"StartAt": "E1", "States": {"E1": {"Type": "Succeed"}}},
            "End": True,
        },
    },
}


def layout(machine: dict[str, Any]) -> GraphLayout:
    graph = parse_definition(json.dumps(machine))
    assert graph is not None
    return lay_out(graph)


def every_box(of: GraphLayout) -> list[StateBox]:
    return [*of.boxes, *(b for box in of.boxes for part in box.parts for b in every_box(part))]


def test_every_way_between_states_is_an_edge() -> None:
    graph = parse_definition(json.dumps(MACHINE))
    assert graph is not None

    assert graph.edges == (
        Edge("A", "B", "choice 1"),
        Edge("A", "C", "default"),
        Edge("B", "D"),
        Edge("B", "E", "catch States.ALL", is_catch=True),
        Edge("C", "E"),
        Edge("D", "A"),
    )


def test_a_state_stands_below_all_that_lead_to_it_and_loops_lead_back() -> None:
    graph = parse_definition(json.dumps(MACHINE))
    assert graph is not None
    ranking = rank(graph)
    ranks = {item: number for number, row in enumerate(ranking.ranks) for item in row}

    assert [ranks[name] for name in "ABCDE"] == [0, 1, 1, 2, 2]
    assert ranking.back == (Edge("D", "A"),)


def test_no_two_states_overlap_and_all_are_inside() -> None:
    for whole in (layout(MACHINE), *(p for box in layout(MACHINE).boxes for p in box.parts)):
        for one, other in combinations(whole.boxes, 2):
            apart = (
                one.x + one.width <= other.x
                or other.x + other.width <= one.x
                or one.y + one.height <= other.y
                or other.y + other.height <= one.y
            )
            assert apart, (one.node.name, other.node.name)
        assert all(box.x >= 0 and box.x + box.width <= whole.width for box in whole.boxes)
        assert max(box.y + box.height for box in whole.boxes) == whole.height


def test_states_within_a_state_have_room_in_it() -> None:
    for box in layout(MACHINE).boxes:
        for part in box.parts:
            assert part.width < box.width
            assert part.height < box.height - box.head_height


def test_every_state_is_drawn_with_its_status_in_an_icon_and_a_word() -> None:
    svg = draw(layout(MACHINE), {"A": StateStatus(Status.SUCCEEDED, 3)})

    assert svg.count("<g class=") == len(every_box(layout(MACHINE))) == 8
    assert 'aria-label="A: Choice state, succeeded, 3x"' in svg
    assert "Choice · ✓ succeeded, 3x" in svg
    assert 'aria-label="E1: Succeed state, not reached"' in svg


def test_a_name_with_markup_in_it_stays_a_name() -> None:
    name = "</text><script>\"'&\u202e"
    states = {name: {"Type": "<b>", "End": True}}
    svg = draw(layout({"StartAt": name, "States": states}), {})

    assert "<script" not in svg
    assert "<b>" not in svg
    assert "\u202e" not in svg
    assert "&lt;script&gt;&quot;&#x27;&amp;\\u202e" in svg


def test_a_long_chain_with_one_way_out_is_laid_out_at_once() -> None:
    catch = [{"ErrorEquals": ["E"], "Next": "Out"}]
    states: dict[str, Any] = {
        f"S{n}": {"Type": "Task", "Next": f"S{n + 1}", "Catch": catch} for n in range(1_000)
    }
    states |= {"S1000": {"Type": "Succeed"}, "Out": {"Type": "Fail"}}
    long = layout({"StartAt": "S0", "States": states})

    assert len(long.boxes) == 1_002
    # One chain of joints for all: not one for each.
    assert long.width < 1_000
    assert len(draw(long, {})) < 1_500_000


@pytest.mark.parametrize(
    "definition",
    ["", "nonsense", "[]", "1", '{"States": []}', '{"States": {"A": 1}}', "[" * 100_000],
)
def test_a_definition_that_is_none_has_no_graph(definition: str) -> None:
    assert parse_definition(definition) is None


def test_states_that_nothing_leads_to_are_drawn_all_the_same() -> None:
    assert len(layout({"StartAt": "nowhere", "States": {"A": {}, "B": {"Next": "B"}}}).boxes) == 2
