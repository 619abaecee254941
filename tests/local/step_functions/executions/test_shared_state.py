# SPDX-License-Identifier: MIT-0
"""What the interpreter keeps on classes and in modules, and so shares among its threads."""

import pkgutil
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.utils import TMP_THREADS

from local.shared_state import OWN_STATE, SHARED_STATE, SharedState

from ....support.stacks.scenario import wait_until
from ....support.step_functions.machines import WAITING, Machines, one

END = {"Type": "Pass", "End": True}
EXECUTIONS = 48
# Those of all services are listed as one.
BACKENDS = "_backends"


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
    arn = machines.create(one(WAITING))

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


def mutable_state() -> Iterator[tuple[str, Any]]:
    """What may change of the interpreter's modules and classes, among all that are loaded."""
    for name, module in list(sys.modules.items()):
        if name.startswith("moto.stepfunctions") and ".antlr.runtime" not in name:
            yield from _mutable(name, vars(module))
            for found in list(vars(module).values()):
                if isinstance(found, type) and found.__module__ == name:
                    yield from _mutable(f"{name}.{found.__name__}", vars(found))


def _mutable(owner: str, members: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in list(members.items()):
        is_mutable = isinstance(value, list | dict | set) or hasattr(value, "cache_info")
        # Tables that are never written: Python's own, those of enumerations, which have an
        # underscore before and behind, and all that is named as a constant.
        is_table = (name.startswith("_") and name.endswith("_")) or name.strip("_").isupper()
        if is_mutable and not is_table and not name.endswith(BACKENDS):
            yield f"{owner}.{name}", value


def test_all_state_that_the_interpreter_shares_is_listed(machines: Machines) -> None:
    machines.run(mixed(), {"n": 0})
    rule = {"Variable": "$.n", "NumericEquals": 1, "Next": "T"}
    machines.run(one({"Type": "Choice", "Choices": [rule]}, T=END), {"n": 1})
    # By identity: modules import a part of another under its name.
    listed = {id(pkgutil.resolve_name(state.place)) for state in SHARED_STATE}

    assert [name for name, value in mutable_state() if id(value) not in listed] == []


@pytest.mark.parametrize("state", [*SHARED_STATE, *OWN_STATE], ids=lambda state: state.place)
def test_listed_state_is_there(state: SharedState) -> None:
    assert pkgutil.resolve_name(state.place) is not None


def test_nothing_is_kept_of_threads_and_machines_of_executions_that_have_ended(
    machines: Machines,
) -> None:
    tracked = len(StateMachine.instances_tracked)
    arn = machines.create(mixed())
    for _ in range(3):
        started = machines.client.start_execution(stateMachineArn=arn, input='{"n": 0}')
        machines.ended(started["executionArn"])

    assert len(StateMachine.instances_tracked) == tracked + 1
    wait_until(lambda: not TMP_THREADS, "the threads to be forgotten")
