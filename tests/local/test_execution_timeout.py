# SPDX-License-Identifier: MIT-0
"""The execution timeout of a durable function, although its waits are passed over."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from .scenario import ASYNC, Scenario, deployed, variant


@pytest.fixture
def short(assembly: Path, tmp_path: Path) -> Iterator[Scenario]:
    """The stack with an execution timeout of a minute that the handler knows nothing of."""
    copy = variant(assembly, tmp_path)
    [template] = copy.glob("*.template.json")
    document = json.loads(template.read_text())
    for resource in document["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            resource["Properties"]["DurableConfig"]["ExecutionTimeout"] = 60
    template.write_text(json.dumps(document))
    with deployed(copy) as ready:
        yield ready


def test_an_execution_whose_modelled_time_is_up_is_timed_out(short: Scenario) -> None:
    answer = short.lambda_.invoke(
        FunctionName=f"{ASYNC}:1", InvocationType="Event", Payload=b'{"minutes_to_wait": 20}'
    )
    ended = short.ended_durable_execution(answer["DurableExecutionArn"])

    assert ended.status == "TIMED_OUT"
    assert [name for _, name in ended.story()] == [
        "create_order",
        "wait_for_fulfilment",
        "wait_for_fulfilment",
    ]
