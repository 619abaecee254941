# SPDX-License-Identifier: MIT-0
"""Executions of many kinds, in both query languages, each with the end that it must have."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .machines import LAMBDA, invoke, one

# Of an execution: its status, and its output, or its error and its cause.
End = tuple[Any, ...]


@dataclass(frozen=True)
class Kind:
    """One kind of execution; its input is {"n": N}.

    Args:
        definition: of its state machine
        end: the end of the execution with that N
    """

    name: str
    definition: dict[str, Any]
    end: Callable[[int], End]


def jsonata(state: dict[str, Any], **others: dict[str, Any]) -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", **one(state, **others)}


def invoke_jsonata(payload: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": LAMBDA,
        "Arguments": {"FunctionName": "echo", "Payload": payload},
        "Output": "{% $states.result.Payload %}",
        "End": True,
        **fields,
    }


def program(state: dict[str, Any], name: str = "I") -> dict[str, Any]:
    return {"StartAt": name, "States": {name: state}}


CATCH = [{"ErrorEquals": ["Again"], "Next": "Caught"}]
RETRY = [{"ErrorEquals": ["Again"], "IntervalSeconds": 1, "MaxAttempts": 2}]
FAIL = program({"Type": "Fail", "Error": "Bad", "Cause": "as told"}, "F")
ADD = program({"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "End": True})
ADD_JSONATA = program(
    {
        "Type": "Pass",
        "QueryLanguage": "JSONata",
        "Output": {"n": "{% $states.input.n + 1 %}"},
        "End": True,
    },
    "J",
)
PARALLEL = {"Type": "Parallel", "Branches": [ADD, ADD_JSONATA], "End": True}
MAP = {
    "Type": "Map",
    "Parameters": {"n.$": "$$.Map.Item.Value"},
    "ItemsPath": "$.items",
    "ItemProcessor": ADD,
    "End": True,
}
MAP_JSONATA = {
    "Type": "Map",
    "Items": "{% [$states.input.n, $states.input.n + 1] %}",
    "ItemSelector": {"n": "{% $states.context.Map.Item.Value %}"},
    "ItemProcessor": ADD_JSONATA,
    "End": True,
}


def failure(error: str, cause: str) -> Callable[[int], End]:
    entered = "An error occurred while executing the state 'S' (entered at the event id #2). "
    return lambda n: ("FAILED", error, entered + cause.replace("<n>", str(n)))


KINDS = [
    Kind("success", one(invoke({"n.$": "$.n"})), lambda n: ("SUCCEEDED", {"n": n})),
    Kind(
        "success in JSONata",
        jsonata(invoke_jsonata({"n": "{% $states.input.n %}"})),
        lambda n: ("SUCCEEDED", {"n": n}),
    ),
    Kind(
        "bad input",
        one(invoke({"n.$": "$.m"}, Catch=CATCH), Caught={"Type": "Succeed"}),
        failure(
            "States.Runtime",
            "The JSONPath '$.m' specified for the field 'n.$' could not be found in the input "
            "'{\"n\":<n>}'",
        ),
    ),
    Kind(
        "bad input in JSONata",
        jsonata(invoke_jsonata({"n": "{% $states.input.m %}"})),
        failure(
            "States.QueryEvaluationError",
            "The JSONata expression '$states.input.m' specified for the field "
            "'Arguments/Payload/n' returned nothing (undefined).",
        ),
    ),
    Kind(
        "catch",
        one(
            {**invoke({"attempt": 0, "failures": 1}, Catch=CATCH), "ResultPath": "$.error"},
            Caught={"Type": "Pass", "Result": "caught", "End": True},
        ),
        lambda _: ("SUCCEEDED", "caught"),
    ),
    Kind(
        "catch in JSONata",
        jsonata(
            invoke_jsonata(
                {"attempt": 0, "failures": 1},
                Assign={"unused": 1},
                Catch=[
                    {**CATCH[0], "Assign": {"name": "{% $states.errorOutput.Error %}"}},
                ],
            ),
            Caught={
                "Type": "Pass",
                "Output": "{% $name & ' ' & $states.context.Execution.Input.n %}",
                "End": True,
            },
        ),
        lambda n: ("SUCCEEDED", f"Again {n}"),
    ),
    Kind(
        "retry",
        one(invoke({"n.$": "$.n", "attempt.$": "$$.State.RetryCount", "failures": 1}, Retry=RETRY)),
        lambda n: ("SUCCEEDED", {"n": n, "attempt": 1, "failures": 1}),
    ),
    Kind(
        "retry in JSONata",
        jsonata(
            invoke_jsonata(
                {"attempt": "{% $states.context.State.RetryCount %}", "failures": 1}, Retry=RETRY
            )
        ),
        lambda _: ("SUCCEEDED", {"attempt": 1, "failures": 1}),
    ),
    Kind("parallel", one(PARALLEL), lambda n: ("SUCCEEDED", [{"n": n + 1}, {"n": n + 1}])),
    Kind(
        "parallel that fails",
        one({**PARALLEL, "Branches": [ADD, FAIL]}),
        lambda _: ("FAILED", "Bad", "as told"),
    ),
    Kind(
        "map",
        one(
            {
                "Type": "Pass",
                "Parameters": {"items.$": "States.ArrayRange(1, $.n, 1)"},
                "Next": "M",
            },
            M={**MAP, "MaxConcurrency": 2},
        ),
        lambda n: ("SUCCEEDED", [{"n": each + 1} for each in range(1, n + 1)]),
    ),
    Kind(
        "map in JSONata",
        jsonata(MAP_JSONATA),
        lambda n: ("SUCCEEDED", [{"n": n + 1}, {"n": n + 2}]),
    ),
    Kind(
        "map that fails",
        one({**MAP_JSONATA, "QueryLanguage": "JSONata", "ItemProcessor": FAIL}),
        lambda _: ("FAILED", "Bad", "as told"),
    ),
    Kind(
        "choice",
        one(
            {
                "Type": "Choice",
                "Choices": [{"Variable": "$.n", "NumericGreaterThan": 5, "Next": "More"}],
                "Default": "Less",
            },
            More={"Type": "Fail", "Error": "TooMany"},
            Less={"Type": "Pass", "Result": "few", "End": True},
        ),
        lambda n: ("FAILED", "TooMany", None) if n > 5 else ("SUCCEEDED", "few"),
    ),
]
