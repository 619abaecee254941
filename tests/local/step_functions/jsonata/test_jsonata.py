# SPDX-License-Identifier: MIT-0
"""Expressions in executions: what they see, and how a failed one is reported."""

import itertools
import json
from typing import Any

import pytest

from ....support.stacks.scenario import Scenario, ended_execution

ROLE = "arn:aws:iam::123456789012:role/r"
TASK = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True}
NOTHING = "{% $states.input.nothing %}"
INNER = {"StartAt": "X", "States": {"X": {"Type": "Pass", "End": True}}}
FAILING = {"StartAt": "X", "States": {"X": {"Type": "Pass", "Output": NOTHING, "End": True}}}
B = {"B": {"Type": "Succeed"}}
_numbers = itertools.count()


def run(scenario: Scenario, states: dict[str, Any], data: Any = None) -> dict[str, Any]:
    """The ended execution of a new machine that starts with state A; some lead to B."""
    client = scenario.step_functions
    states = {**states, **B} if '"Next": "B"' in json.dumps(states) else states
    definition = {"QueryLanguage": "JSONata", "StartAt": "A", "States": states}
    machine = client.create_state_machine(
        name=f"jsonata-{next(_numbers)}", definition=json.dumps(definition), roleArn=ROLE
    )["stateMachineArn"]
    execution = client.start_execution(stateMachineArn=machine, input=json.dumps(data or {}))
    return ended_execution(client, execution["executionArn"])


def output(scenario: Scenario, states: dict[str, Any], data: Any = None) -> Any:
    ended = run(scenario, states, data)
    assert ended["status"] == "SUCCEEDED", ended
    return json.loads(ended["output"])


def failures(scenario: Scenario, execution: dict[str, Any]) -> list[dict[str, Any]]:
    """The details of every failed evaluation in the history."""
    history = scenario.step_functions.get_execution_history(executionArn=execution["executionArn"])
    details = (event.get("evaluationFailedEventDetails") for event in history["events"])
    return [each for each in details if each]


def one(expression: str) -> dict[str, Any]:
    return {"A": {"Type": "Pass", "Output": {"v": "{% " + expression + " %}"}, "End": True}}


@pytest.mark.parametrize(
    ("state", "field"),
    [
        ({"Type": "Pass", "Output": NOTHING, "End": True}, "Output"),
        ({"Type": "Pass", "Output": {"v": [1, NOTHING]}, "End": True}, "Output/v[1]"),
        ({"Type": "Pass", "Output": [{"a": {"b": NOTHING}}], "End": True}, "Output[0]/a/b"),
        ({"Type": "Pass", "Assign": {"x": NOTHING}, "End": True}, "Assign/x"),
        ({"Type": "Pass", "Assign": {"x": {"y": [NOTHING]}}, "End": True}, "Assign/x/y[0]"),
        (
            {"Type": "Choice", "Choices": [{"Condition": NOTHING, "Next": "B"}]},
            "Choices[0]/Condition",
        ),
        (
            {
                "Type": "Choice",
                "Choices": [
                    {"Condition": "{% false %}", "Next": "B"},
                    {"Condition": "{% true %}", "Output": {"o": NOTHING}, "Next": "B"},
                ],
            },
            "Choices[1]/Output/o",
        ),
        ({"Type": "Wait", "Seconds": NOTHING, "End": True}, "Seconds"),
        ({"Type": "Wait", "Timestamp": NOTHING, "End": True}, "Timestamp"),
        ({"Type": "Fail", "Error": NOTHING}, "Error"),
        ({"Type": "Fail", "Cause": NOTHING}, "Cause"),
        ({"Type": "Map", "Items": NOTHING, "ItemProcessor": INNER, "End": True}, "Items"),
        ({"Type": "Map", "Items": [1, NOTHING], "ItemProcessor": INNER, "End": True}, "Items[1]"),
        (
            {
                "Type": "Map",
                "Items": [1],
                "ItemSelector": {"k": NOTHING},
                "ItemProcessor": INNER,
                "End": True,
            },
            "ItemSelector/k",
        ),
        (
            {
                "Type": "Map",
                "Items": [1],
                "MaxConcurrency": NOTHING,
                "ItemProcessor": INNER,
                "End": True,
            },
            "MaxConcurrency",
        ),
        (
            {"Type": "Parallel", "Branches": [INNER], "Output": {"a": NOTHING}, "End": True},
            "Output/a",
        ),
        ({**TASK, "Arguments": NOTHING}, "Arguments"),
        ({**TASK, "Arguments": {"FunctionName": "f", "Payload": NOTHING}}, "Arguments/Payload"),
        ({**TASK, "Arguments": {"FunctionName": "f"}, "TimeoutSeconds": NOTHING}, "TimeoutSeconds"),
        (
            {
                "Type": "Parallel",
                "Branches": [{"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "Output": {"q": NOTHING}, "Next": "B"}],
                "End": True,
            },
            "Catch[0]/Output/q",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else value["Type"],
)
def test_an_expression_without_a_value_fails_with_its_field(
    scenario: Scenario, state: dict[str, Any], field: str
) -> None:
    ended = run(scenario, {"A": state})

    sentence = (
        f"The JSONata expression '$states.input.nothing' specified for the field '{field}' "
        "returned nothing (undefined)."
    )
    assert (ended["status"], ended["error"]) == ("FAILED", "States.QueryEvaluationError")
    assert ended["cause"].startswith("An error occurred while executing the state 'A' (entered at")
    assert ended["cause"].endswith(f"). {sentence}")
    details = failures(scenario, ended)[-1]
    assert (details["error"], details["location"], details["state"]) == (ended["error"], field, "A")
    assert details["cause"].endswith(sentence)


@pytest.mark.parametrize(
    ("state", "field", "found"),
    [
        (
            {"Type": "Choice", "Choices": [{"Condition": "{% 'x' %}", "Next": "B"}]},
            "Choices[0]/Condition",
            "Expected 'boolean', but was 'string' for value: \"x\"",
        ),
        (
            {"Type": "Wait", "Seconds": "{% 1.5 %}", "End": True},
            "Seconds",
            "Expected 'integer', but was 'number' for value: 1.5",
        ),
        (
            {"Type": "Fail", "Error": "{% {'a': null} %}"},
            "Error",
            "Expected 'string', but was 'object' for value: {\"a\":null}",
        ),
    ],
)
def test_a_value_of_another_type_fails_the_state(
    scenario: Scenario, state: dict[str, Any], field: str, found: str
) -> None:
    ended = run(scenario, {"A": state})
    assert ended["cause"].endswith(
        f"specified for the field '{field}' returned an unexpected result type. {found}"
    )


def test_a_failure_inside_of_a_map_is_recorded_and_worded_once_and_can_be_caught(
    scenario: Scenario,
) -> None:
    catch = [{"ErrorEquals": ["States.TaskFailed", "E"], "Next": "B"}]
    map_state = {"Type": "Map", "Items": [1], "ItemProcessor": FAILING, "Catch": catch}
    ended = run(scenario, {"A": {**map_state, "Next": "B"}})

    [details] = failures(scenario, ended)
    assert (details["state"], details["location"]) == ("X", "Output")
    assert details["cause"].count("An error occurred while executing the state") == 1


@pytest.mark.parametrize(
    "value", ['a"b\\c', "{% $x %}", '"; $eval("1")', 9_007_199_254_740_993, None, {"n": [None]}]
)
def test_variables_and_inputs_reach_expressions_as_values(scenario: Scenario, value: Any) -> None:
    states = {
        "A": {"Type": "Pass", "Assign": {"x": "{% $states.input.given %}"}, "Next": "C"},
        "C": {"Type": "Pass", "Output": {"v": "{% [[$x, $states.input.given]] %}"}, "End": True},
    }
    assert output(scenario, states, {"given": value}) == {"v": [[value, value]]}


def test_a_dollar_alone_is_the_context_of_a_step(scenario: Scenario) -> None:
    states = one("$states.input.a[$ > 1].($ * 2)")
    assert output(scenario, states, {"a": [1, 2, 3]}) == {"v": [4, 6]}


def test_output_sees_the_variables_of_before_its_state(scenario: Scenario) -> None:
    count = {"Assign": {"n": "{% $n + 1 %}"}, "Output": {"seen": "{% $n %}"}}
    choice = {"Type": "Choice", "Choices": [{"Condition": "{% true %}", "Next": "D", **count}]}
    states = {
        "A": {"Type": "Pass", "Assign": {"n": 1}, "Next": "C"},
        "C": choice,
        "D": {"Type": "Pass", "Output": ["{% $states.input.seen %}", "{% $n %}"], "End": True},
    }
    assert output(scenario, states) == [1, 2]


def test_now_is_the_time_that_the_events_carry(scenario: Scenario) -> None:
    ended = run(scenario, one("$millis()"))
    events = scenario.step_functions.get_execution_history(executionArn=ended["executionArn"])
    entered, exited = (event["timestamp"].timestamp() * 1000 for event in events["events"][1:3])
    assert round(entered) <= json.loads(ended["output"])["v"] <= round(exited)


@pytest.mark.parametrize(
    ("state", "field"),
    [
        ({**TASK, "Arguments": NOTHING}, "Arguments"),
        ({"Type": "Parallel", "Branches": [INNER], "Arguments": NOTHING}, "Arguments"),
        ({"Type": "Parallel", "Branches": [INNER], "Output": NOTHING}, "Output"),
        ({"Type": "Parallel", "Branches": [INNER], "Assign": {"x": NOTHING}}, "Assign/x"),
        ({"Type": "Map", "Items": [1], "ItemProcessor": INNER, "Output": [NOTHING]}, "Output[0]"),
    ],
)
def test_a_failed_expression_can_be_caught_and_says_where_it_was(
    scenario: Scenario, state: dict[str, Any], field: str
) -> None:
    catch = {
        "ErrorEquals": ["States.QueryEvaluationError"],
        "Output": "{% $states.errorOutput %}",
        "Next": "B",
    }
    state = {key: value for key, value in state.items() if key != "End"}
    ended = run(scenario, {"A": {**state, "Catch": [catch], "Next": "B"}})

    found = json.loads(ended["output"])
    assert (ended["status"], found["Error"]) == ("SUCCEEDED", "States.QueryEvaluationError")
    assert found["Cause"].startswith("An error occurred while executing the state 'A' (entered at")
    assert f"specified for the field '{field}' returned nothing" in found["Cause"]
    assert len(failures(scenario, ended)) == 1


def test_a_state_whose_output_fails_assigns_nothing(scenario: Scenario) -> None:
    catch = {"ErrorEquals": ["States.ALL"], "Next": "C"}
    parallel = {"Type": "Parallel", "Branches": [INNER], "Output": NOTHING, "Catch": [catch]}
    states = {
        "A": {"Type": "Pass", "Assign": {"kept": 1}, "Next": "P"},
        "P": {**parallel, "Assign": {"kept": 2, "new": 3}, "Next": "C"},
        "C": {"Type": "Pass", "Output": ["{% $kept %}", "{% $exists($new) %}"], "End": True},
    }
    assert output(scenario, states) == [1, False]
