# SPDX-License-Identifier: MIT-0
"""The form that invokes a function begins with an input that the function takes."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import Client

from local.console.application import Console
from local.console.rendering import link
from local.console.site import Site

from ...support.stacks.scenario import ASYNC, SYNC, Scenario, deployed


@pytest.fixture(scope="module")
def ready(assembly: Path) -> Iterator[Scenario]:
    with deployed(assembly) as scenario:
        yield scenario


@pytest.fixture
def console(ready: Scenario) -> Client:
    return Client(Console(Site(ready.deployment.endpoint, lambda: "{}")))


def filled_in(console: Client, function: str, before: str = "") -> str:
    address = link("/invoke", function=function, **({"from": before} if before else {}))
    page = console.get(address).get_data(as_text=True)
    [given] = re.findall(r'<textarea id="input".*?>(.*?)</textarea>', page, re.DOTALL)
    return html.unescape(given)


def test_a_function_is_invoked_again_by_hand_with_the_newest_input(
    ready: Scenario, console: Client
) -> None:
    assert [filled_in(console, function) for function in (ASYNC, SYNC)] == ["{}", "{}"]
    for minutes in (7, 9):
        ready.run({"minutes_to_wait": minutes})
    event = json.loads(filled_in(console, ASYNC))

    assert event["minutes_to_wait"] == 9
    assert "TaskToken" not in event
    for function in (ASYNC, SYNC):
        given = filled_in(console, function)
        arn = ready.invoke(ready.version(function), json.loads(given), "Event")[
            "DurableExecutionArn"
        ]
        assert ready.ended_durable_execution(arn).status == "SUCCEEDED"
        assert json.loads(filled_in(console, function, before=arn)) == json.loads(given)
