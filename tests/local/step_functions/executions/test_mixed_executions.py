# SPDX-License-Identifier: MIT-0
"""Many executions of many kinds at once: each has its own end, and none stays RUNNING."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from ....support.step_functions.machines import Machines
from ....support.step_functions.mixed_executions import KINDS, End

AT_ONCE = 50
MOST_ITEMS = 10


def end_of(machines: Machines, arn: str, number: int) -> End:
    started = machines.client.start_execution(
        stateMachineArn=arn, input=json.dumps({"n": number % MOST_ITEMS + 1})
    )
    ended = machines.ended(started["executionArn"])
    if ended["status"] == "SUCCEEDED":
        return ended["status"], json.loads(ended["output"])
    return ended["status"], ended.get("error"), ended.get("cause")


def test_each_of_many_executions_at_once_has_its_own_end(
    machines: Machines, pytestconfig: pytest.Config
) -> None:
    count = pytestconfig.getoption("executions")
    arns = [machines.create(kind.definition) for kind in KINDS]

    def differs(number: int) -> tuple[str, End, End] | None:
        kind = KINDS[number % len(KINDS)]
        expected = kind.end(number % MOST_ITEMS + 1)
        found = end_of(machines, arns[number % len(KINDS)], number)
        return None if found == expected else (kind.name, found, expected)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        different = [each for each in pool.map(differs, range(count)) if each]

    assert different == []
    for arn in arns:
        running = machines.client.list_executions(stateMachineArn=arn, statusFilter="RUNNING")
        assert running["executions"] == []
