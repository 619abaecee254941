# SPDX-License-Identifier: MIT-0
"""What the interpreter keeps on classes and in modules, and so shares among its threads."""

import enum
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ...support.machines import Machines, one

END = {"Type": "Pass", "End": True}
EXECUTIONS = 48
# Tables that are read and never written: constants by name, and those of enumerations.
CONSTANTS = ("_member_names_", "_member_map_", "_value2member_map_", "_unhashable_values_")


def mixed() -> dict[str, Any]:
    """Twelve states that add one, in each query language by turns."""
    add = (
        {"Parameters": {"n.$": "States.MathAdd($.n, 1)"}},
        {"QueryLanguage": "JSONata", "Output": {"n": "{% $states.input.n + 1 %}"}},
    )
    states = {
        f"S{number}": {"Type": "Pass", "Next": f"S{number + 1}", **add[number % 2]}
        for number in range(11)
    }
    return {"StartAt": "S0", "States": {**states, "S11": {**END, **add[1]}}}


def test_a_machine_of_both_query_languages_is_started_many_times_at_once(
    machines: Machines,
) -> None:
    arn = machines.create(mixed())

    def end(_: int) -> tuple[str, str]:
        started = machines.client.start_execution(stateMachineArn=arn, input='{"n": 0}')
        ended = machines.ended(started["executionArn"])
        return ended["status"], ended["output"]

    with ThreadPoolExecutor(EXECUTIONS) as pool:
        ends = Counter(pool.map(end, range(EXECUTIONS)))
    assert ends == {("SUCCEEDED", '{"n":12}'): EXECUTIONS}


def test_a_refused_definition_leaves_nothing_behind(machines: Machines) -> None:
    refused = {"QueryLanguage": "JSONata", **one({**END, "Parameters": {}})}
    with pytest.raises(ClientError, match="InvalidDefinition"):
        machines.create(refused)

    good = one({**END, "Parameters": {"n": 1}})
    assert machines.run(good)["output"] == '{"n":1}'


def test_one_name_started_twice_at_once_is_one_execution(machines: Machines) -> None:
    arn = machines.create(one({"Type": "Wait", "Seconds": 60, "End": True}))

    def start(_: int) -> str:
        started = machines.client.start_execution(stateMachineArn=arn, name="once", input="{}")
        return str(started["executionArn"])

    with ThreadPoolExecutor(16) as pool:
        [execution] = set(pool.map(start, range(16)))
    assert [
        each["executionArn"]
        for each in machines.client.list_executions(stateMachineArn=arn)["executions"]
    ] == [execution]
    machines.client.stop_execution(executionArn=execution)


def mutable_state() -> Iterator[str]:
    """What may change of the interpreter's modules and classes, among all that are loaded."""
    for name, module in list(sys.modules.items()):
        if name.startswith("moto.stepfunctions") and ".antlr.runtime" not in name:
            yield from _mutable(name, vars(module))
            for found in list(vars(module).values()):
                if isinstance(found, type) and found.__module__ == name:
                    yield from _mutable(f"{name}.{found.__name__}", vars(found))


def _mutable(owner: str, members: Any) -> Iterator[str]:
    for name, value in list(members.items()):
        is_table = name in CONSTANTS or name.strip("_").isupper() or name.startswith("__")
        is_mutable = isinstance(value, list | dict | set) or hasattr(value, "cache_info")
        if is_mutable and not isinstance(value, enum.EnumMeta) and not is_table:
            yield f"{owner}.{name}".removeprefix("moto.stepfunctions.")


def test_all_state_that_the_interpreter_shares_is_known(machines: Machines) -> None:
    """Each is dealt with as local/step_functions/patches/__init__.py says."""
    machines.run(mixed(), {"n": 0})

    assert sorted(mutable_state()) == []
