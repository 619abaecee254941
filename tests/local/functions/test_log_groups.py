# SPDX-License-Identifier: MIT-0
"""A function without a log group in its template gets one at the first line, if its role may."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ...support.functions.durable_functions import DurableFunctions, durable_functions
from ...support.stacks.scenario import wait_until

PRINTS = """
import logging
def handler(event, context):
    print("printed")
    logging.warning("two\\nlines")
    return 1
"""


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DurableFunctions]:
    directory = tmp_path_factory.mktemp("functions")
    with durable_functions(directory, Path()) as ready:
        yield ready


def groups(functions: DurableFunctions) -> list[str]:
    described: Any = functions.endpoint.client("logs").describe_log_groups()
    return [group["logGroupName"] for group in described["logGroups"]]


def messages(functions: DurableFunctions, group: str) -> list[str]:
    events = functions.endpoint.client("logs").filter_log_events(logGroupName=group)["events"]
    return [event["message"] for event in events]


def test_what_a_handler_prints_and_logs_is_in_the_default_group(
    functions: DurableFunctions,
) -> None:
    functions.deploy("prints", PRINTS, execution_timeout=None)
    functions.client.invoke(FunctionName="prints", Payload=b"1")
    group = "/aws/lambda/prints"
    wait_until(lambda: group in groups(functions), group)
    wait_until(lambda: len(messages(functions, group)) == 2, "two events")
    printed, logged = messages(functions, group)

    assert printed == "printed"
    assert logged.startswith("[WARNING]\t")
    assert logged.endswith("\ttwo\nlines")


def test_a_role_that_may_not_create_a_group_has_no_log(functions: DurableFunctions) -> None:
    role = functions.role("silent", {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"})
    functions.deploy("silent", PRINTS, execution_timeout=None, role_arn=role)
    functions.client.invoke(FunctionName="silent", Payload=b"1")
    functions.deploy("later", PRINTS, execution_timeout=None)
    functions.client.invoke(FunctionName="later", Payload=b"1")
    wait_until(lambda: "/aws/lambda/later" in groups(functions), "a group that comes later")

    assert "/aws/lambda/silent" not in groups(functions)
