# SPDX-License-Identifier: MIT-0
"""Programs: each execution evaluates one of its own, made from its own definition."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSeconds
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from local.step_functions.executions.program import new_program

from ....support.step_functions.bare_machines import BareMachines, definition


def answers(word: str) -> dict[str, Any]:
    return {"S": {"Type": "Pass", "Result": word, "End": True}}


def test_machines_that_differ_in_one_letter_each_run_their_own_definition(
    bare_machines: BareMachines,
) -> None:
    machines = {word: bare_machines.create(answers(word)) for word in ("left", "lift")}
    outputs = [
        (word, json.loads(bare_machines.start(arn)["output"]))
        for _ in range(3)
        for word, arn in machines.items()
    ]

    assert outputs == [("left", "left"), ("lift", "lift")] * 3


def test_an_execution_runs_the_definition_that_its_machine_had_at_its_start(
    bare_machines: BareMachines,
) -> None:
    arn = bare_machines.create(answers("before"))
    before = bare_machines.start(arn)["output"]
    bare_machines.step_functions.update_state_machine(
        stateMachineArn=arn, definition=definition(answers("after"))
    )

    assert (before, bare_machines.start(arn)["output"]) == ('"before"', '"after"')


def test_two_executions_of_one_definition_share_no_state() -> None:
    """A program in use keeps state: a Retry counts its attempts under its component's key."""
    text = definition(answers("once"))

    assert new_program(text).heap_key != new_program(text).heap_key


def test_the_limit_of_an_express_execution_is_none_of_another_of_the_same_definition() -> None:
    text = definition(answers("limited"))
    new_program(text).timeout_seconds = TimeoutSeconds(1)

    assert new_program(text).timeout_seconds is None


def test_a_definition_is_parsed_once_to_be_validated_and_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parse = AmazonStateLanguageParser.parse
    parsed: list[str] = []

    def note(text: str) -> Any:
        parsed.append(text)
        return parse(text)

    monkeypatch.setattr(AmazonStateLanguageParser, "parse", note)
    text = definition(answers("parsed once"))
    for _ in range(2):
        StepFunctionsParserBackend._validate_definition(definition=text)
        new_program(text)

    assert parsed == [text]


TENFOLD = {"Type": "Pass", "Output": "{% $states.input * 10 %}", "End": True}
ITEM, LEFT, RIGHT = ({"StartAt": name, "States": {name: TENFOLD}} for name in ("I", "L", "R"))
RETRY = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}]
CATCH = [{"ErrorEquals": ["States.ALL"], "Next": "Fail"}]
JSONATA = {
    "QueryLanguage": "JSONata",
    "StartAt": "Choice",
    "States": {
        "Choice": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input[0] >= 0 %}", "Next": "Wait"}],
            "Default": "Fail",
        },
        "Fail": {"Type": "Fail", "Error": "Negative"},
        "Wait": {"Type": "Wait", "Seconds": 0, "Next": "Map"},
        "Map": {
            "Type": "Map",
            "Items": "{% $states.input %}",
            "ItemProcessor": ITEM,
            "Retry": RETRY,
            "Catch": CATCH,
            "Assign": {"tens": "{% $states.result %}"},
            "Output": "{% $states.result[0] %}",
            "Next": "Parallel",
        },
        "Parallel": {"Type": "Parallel", "Branches": [LEFT, RIGHT], "Next": "Succeed"},
        "Succeed": {
            "Type": "Succeed",
            "Output": "{% {'hundreds': $states.input, 'tens': $tens} %}",
        },
    },
}
JSONPATH = {
    "StartAt": "Choice",
    "States": {
        "Choice": {
            "Type": "Choice",
            "Choices": [{"Variable": "$[0]", "NumericGreaterThanEquals": 0, "Next": "Pass"}],
        },
        "Pass": {
            "Type": "Pass",
            "Parameters": {"all.$": "$", "count.$": "States.ArrayLength($)"},
            "ResultPath": "$",
            "End": True,
        },
    },
}


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        (JSONATA, lambda n: {"hundreds": [n * 100] * 2, "tens": [n * 10, n * 10 + 10]}),
        (JSONPATH, lambda n: {"all": [n, n + 1], "count": 2}),
    ],
    ids=["JSONata", "JSONPath"],
)
def test_every_kind_of_state_runs_from_the_program_that_is_kept(
    bare_machines: BareMachines, machine: dict[str, Any], expected: Callable[[int], Any]
) -> None:
    arn = bare_machines.create({"S": {}}, definition=json.dumps(machine))
    outputs = [json.loads(bare_machines.start(arn, [n, n + 1])["output"]) for n in range(3)]

    assert outputs == [expected(n) for n in range(3)]


def test_a_state_inside_of_another_has_the_language_of_the_machine(
    bare_machines: BareMachines,
) -> None:
    inner = {
        "I": {"Type": "Pass", "Parameters": {"n.$": "$"}, "Next": "F"},
        "F": {"Type": "Fail", "Cause": "{% 'no expression' %}"},
    }
    each = {
        "Type": "Map",
        "QueryLanguage": "JSONata",
        "Items": "{% [1] %}",
        "ItemProcessor": {"StartAt": "I", "States": inner},
        "End": True,
    }
    assert bare_machines.run({"M": each})["cause"] == "{% 'no expression' %}"
