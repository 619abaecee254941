# SPDX-License-Identifier: MIT-0
"""What is read of an execution, without its task tokens."""

import json
from typing import Any

from inspect_execution.collecting import collect
from inspect_execution.execution_arn import ExecutionArn
from inspect_execution.reader import Reader

from .events import EXECUTION, START, STARTED, told

TOKEN = "37a9cf2e-22f8-487f-80f6-3cce0e8e2918"


class Api:
    """A service that gives each call one answer."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers

    def __getattr__(self, action: str) -> Any:
        return lambda **_arguments: self._answers[action]


def test_the_token_of_the_task_that_started_the_execution_is_taken_out() -> None:
    given = json.dumps({"TaskToken": TOKEN})
    states = Api(
        describe_execution={"executionArn": EXECUTION, "startDate": START, "input": given},
        describe_state_machine_for_execution={"definition": "{}"},
        get_execution_history={"events": told((STARTED[0], {"input": given}))},
    )
    read = collect(Reader(states, Api(), "here"), ExecutionArn.parse(EXECUTION))

    assert TOKEN not in str(read)
    assert read.execution["input"] == json.dumps({"TaskToken": "[task token 1]"})
