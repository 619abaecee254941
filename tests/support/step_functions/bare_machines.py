# SPDX-License-Identifier: MIT-0
"""State machines of an endpoint that has nothing else."""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.endpoint.endpoint import Endpoint

from ..stacks.scenario import ended_execution

ROLE = "arn:aws:iam::123456789012:role/machines"


def definition(states: dict[str, Any]) -> str:
    """The definition of a machine that starts with the first state."""
    return json.dumps({"StartAt": next(iter(states)), "States": states})


def fields(response: dict[str, Any]) -> dict[str, Any]:
    """A response without its metadata."""
    return {key: value for key, value in response.items() if key != "ResponseMetadata"}


def refusal(call: Callable[..., Any], **parameters: Any) -> tuple[str, str]:
    """The code and the message with which a call is refused, by HTTP status 400."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@dataclass(frozen=True)
class BareMachines:
    """Creates state machines and runs them."""

    step_functions: Any
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def create(self, states: dict[str, Any], **settings: Any) -> str:
        """The ARN of a new machine that starts with the first state."""
        name, text = f"m{next(self._numbers)}", definition(states)
        request = {"name": name, "definition": text, "roleArn": ROLE}
        return str(
            self.step_functions.create_state_machine(**request | settings)["stateMachineArn"]
        )

    def run(self, states: dict[str, Any], data: Any = None) -> dict[str, Any]:
        """The ended execution of a new machine, as DescribeExecution returns it."""
        return self.start(self.create(states), data)

    def start(self, arn: str, data: Any = None) -> dict[str, Any]:
        """The ended execution of a machine, version or alias."""
        text = json.dumps({} if data is None else data, ensure_ascii=False, separators=(",", ":"))
        started = self.step_functions.start_execution(stateMachineArn=arn, input=text)
        return ended_execution(self.step_functions, started["executionArn"])

    def output(self, state: dict[str, Any], data: Any = None) -> Any:
        """The output of a machine of one state."""
        ended = self.run({"A": {"End": True, **state}}, data)
        assert ended["status"] == "SUCCEEDED", ended
        return json.loads(ended["output"])

    def failure(self, state: dict[str, Any], data: Any = None) -> tuple[str, str]:
        """The error and the cause of a machine of one state."""
        ended = self.run({"A": {"End": True, **state}}, data)
        assert ended["status"] == "FAILED", ended
        return ended["error"], ended["cause"]

    def computed(self, template: str, data: Any = None) -> Any:
        """The value of a path or an intrinsic function."""
        return self.output({"Type": "Pass", "Parameters": {"x.$": template}}, data)["x"]


@contextmanager
def bare_machines() -> Iterator[BareMachines]:
    """State machines of a new endpoint, for as long as the context lasts. Waits are skipped."""
    with Endpoint() as endpoint:
        yield BareMachines(endpoint.client("stepfunctions"))
