# SPDX-License-Identifier: MIT-0
"""Recorded executions, replayed through handlers that have changed, and through the others."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inspect_execution.command_line.arguments import parse_arguments
from inspect_execution.command_line.execute import execute
from local.functions.function import FunctionVersion
from local.replay.recorded import RecordedExecution
from local.replay.replayer import Replayer, ReplayResult

from ...support.assemblies.variants import find_asset
from ...support.functions.durable_functions import DurableFunctions
from ...support.stacks.scenario import ASYNC, SYNC, Scenario
from ..record_histories import HISTORIES

CREATE = 'order = business_step(context, "create_order", lambda: orders.create_order(order_key))'
WAIT = 'context.wait(wait, name="wait_for_fulfilment")'
NOTIFY = (
    'notification = business_step(context, "notify_customer", '
    "lambda: orders.notify_customer(order))"
)
ASK = "if not task.is_open():"
AUDIT = 'business_step(context, "audit", lambda: 1)'
RESERVE = 'business_step(context, "reserve", lambda: {"seconds": 1})'
# The changes of the handler's code, by name: what is replaced, what replaces it, what is told.
CHANGES = {
    "renamed": (
        '"notify_customer"',
        '"tell_customer"',
        "step notify_customer (operation 4) was renamed: the handler now calls it tell_customer",
    ),
    "removed": (
        ASK,
        "if False:",
        "step check_still_wanted (operation 3) was removed: the handler goes on with "
        "step notify_customer",
    ),
    "moved": (
        f"{CREATE}\n    {WAIT}",
        f"{WAIT}\n    {CREATE}",
        "step create_order (operation 1) was moved: the handler now does "
        "wait wait_for_fulfilment before it",
    ),
    "new": (
        NOTIFY,
        f"{AUDIT}\n    {NOTIFY}",
        "step audit is new, before step notify_customer (operation 4)",
    ),
    "new_wait": (
        NOTIFY,
        f'context.wait(wait, name="rest")\n    {NOTIFY}',
        "wait rest is new, before step notify_customer (operation 4)",
    ),
    "new_step_before_a_wait": (
        WAIT,
        f"{RESERVE}\n    {WAIT}",
        "step reserve is new, before wait wait_for_fulfilment (operation 2)",
    ),
    "new_steps_before_a_wait": (
        WAIT,
        f"{AUDIT}\n    {RESERVE}\n    {WAIT}",
        "step audit is new, before wait wait_for_fulfilment (operation 2)",
    ),
    "new_with_a_known_name": (
        WAIT,
        f"{CREATE}\n    {WAIT}",
        "step create_order is new, before wait wait_for_fulfilment (operation 2)",
    ),
    "new_callback": (
        WAIT,
        f'context.create_callback(name="paid").result()\n    {WAIT}',
        "callback paid is new, before wait wait_for_fulfilment (operation 2)",
    ),
    "new_with_a_result_that_is_used": (
        WAIT,
        f'{RESERVE}["seconds"]\n    {WAIT}',
        "the handler does step reserve where the history has wait wait_for_fulfilment "
        "(operation 2)",
    ),
    "new_with_a_result_that_does_not_fit": (
        NOTIFY,
        f'{RESERVE}["seconds"]\n    {NOTIFY}',
        "the handler does step reserve where the history has step notify_customer (operation 4)",
    ),
    "another_type": (
        WAIT,
        'business_step(context, "wait_for_fulfilment", lambda: 1)',
        "wait wait_for_fulfilment (operation 2) was changed: Type is now STEP, recorded is WAIT, "
        "SubType is now Step, recorded is Wait",
    ),
    "another_parent": (
        NOTIFY,
        "notification = context.run_in_child_context("
        'lambda child: business_step(child, "notify_customer", '
        'lambda: orders.notify_customer(order)), name="inner")',
        "the handler does context inner where the history has step notify_customer (operation 4)",
    ),
    "new_at_the_end": (
        "return result",
        f"{AUDIT}\n    return result",
        "step audit is new: the recorded execution ended without it",
    ),
    "last_removed": (
        "task.succeed(result)",
        "",
        "step send_task_success (operation 5) was removed: the handler ends before it, with the "
        'result {"order_id": ',
    ),
    "another_result": (
        "return result",
        'return {"status": "DONE"}',
        'the end differs: the result {"status": "DONE"}, recorded is the result {"order_id": ',
    ),
}
# The module of the handler is named by the recorded execution's name: one sandbox has them all.
CHOOSE = """
import importlib

def handler(event, context):
    name = event.durable_execution_arn.split("/")[-2]
    return importlib.import_module(name).handler(event, context)
"""
EFFECTS = """
import pathlib
import orders

def effect(*_):
    pathlib.Path("{file}").write_text("a step has run")

orders.create_order = orders.notify_customer = effect
"""

# A child context, branches that wait, a map, a poll and a step that fail once.
KINDS = """
from aws_durable_execution_sdk_python.waits import WaitForConditionConfig, WaitForConditionDecision

def branch(number):
    def run(child):
        child.step(lambda _: number, name=f"before-{number}")
        child.wait(Duration.from_seconds(number), name="rest")
        return child.step(lambda _: number * 2, name=f"after-{number}")
    return run

def strategy(state, attempts):
    if state == 2:
        return WaitForConditionDecision.stop_polling()
    return WaitForConditionDecision.continue_waiting(Duration.from_seconds(1))

def flaky(step):
    if step.attempt < 2:
        raise ValueError("again")
    return step.attempt

@durable_execution
def handler(event, context):
    inner = context.run_in_child_context(
        lambda child: child.step(lambda _: 1, name="one") + child.step(lambda _: 2, name="two"),
        name="inner",
    )
    context.parallel([branch(1), branch(2)], name="branches")
    doubled = context.map(
        [1, 2], lambda child, item, *_: child.step(lambda _: item * 2, name="double"), name="map"
    )
    polled = context.wait_for_condition(
        lambda state, _: state + 1,
        WaitForConditionConfig(initial_state=0, wait_strategy=strategy),
        name="poll",
    )
    return [inner, doubled.get_results(), polled, context.step(flaky, name="flaky")]
"""


def history(name: str, module: str) -> RecordedExecution:
    """A recorded execution that is replayed by a module of its own."""
    return by_module(RecordedExecution.read(HISTORIES / f"{name}.json"), module)


def by_module(recorded: RecordedExecution, module: str) -> RecordedExecution:
    head, _, identifier = recorded.arn.rsplit("/", 2)
    return replace(recorded, arn=f"{head}/{module}/{identifier}")


def version(scenario: Scenario, function: str) -> FunctionVersion:
    [found] = [each for each in scenario.deployment.versions if each.name == function]
    return found


def replayer(scenario: Scenario, of: FunctionVersion) -> Replayer:
    pool = scenario.deployment.endpoint.lambda_service.sandboxes
    return Replayer(of, pool.environment(of))


@pytest.fixture(scope="module")
def changed(
    scenario: Scenario, assembly: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Replayer]:
    """Replays by a handler of each change."""
    code = tmp_path_factory.mktemp("changed") / "code"
    shutil.copytree(find_asset(assembly, "async_durable_function.py"), code)
    source = (code / "async_durable_function.py").read_text()
    for name, (old, new, _) in CHANGES.items():
        assert source.count(old) == 1, name
        (code / f"{name}.py").write_text(source.replace(old, new))
    (code / "effects.py").write_text(source + EFFECTS.format(file=code / "effect"))
    (code / "choose.py").write_text(CHOOSE)
    original = version(scenario, ASYNC)
    configuration = replace(original.configuration, code=code, handler="choose.handler")
    with replayer(scenario, replace(original, configuration=configuration)) as ready:
        yield ready


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_the_operations_is_named(changed: Replayer, change: str) -> None:
    result = changed.replay(history("order-fulfilled", change))

    assert result.difference is not None
    assert result.difference.startswith(CHANGES[change][2])


def test_an_execution_that_waits_goes_on_after_changes_behind_its_wait(changed: Replayer) -> None:
    removed = changed.replay(history("order-waiting", "removed"))
    others = ("moved", "new_step_before_a_wait", "new_steps_before_a_wait")
    found = [changed.replay(history("order-waiting", name)).difference for name in others]

    assert removed.difference is None
    assert found == [CHANGES[name][2] for name in others]


def test_no_step_runs_in_a_replay(
    changed: Replayer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    names = [path.stem for path in HISTORIES.glob("order-*.json")]
    results = [changed.replay(history(name, "effects")) for name in names]

    assert [result.difference for result in results] == [None] * len(names)
    assert list(tmp_path_factory.getbasetemp().glob("changed*/code/effect")) == []


def test_an_execution_is_recorded_without_its_token_and_replayed(
    scenario: Scenario, changed: Replayer, tmp_path: Path
) -> None:
    finished = scenario.run({"minutes_to_wait": 20})
    url = scenario.deployment.endpoint.url
    arguments = [finished.execution, "--endpoint-url", url, "--record", str(tmp_path)]
    execute(parse_arguments(arguments))
    order, invoice = (RecordedExecution.read(path) for path in sorted(tmp_path.iterdir()))

    assert (order.function, invoice.function) == (ASYNC, SYNC)
    assert not finished.is_token_in([path.read_text() for path in tmp_path.iterdir()])
    assert order.end == {"Result": finished.asynchronous[0].result}
    assert changed.replay(by_module(order, "async_durable_function")).difference is None


def test_operations_of_every_kind_are_replayed_from_every_state(
    scenario: Scenario, assembly: Path, tmp_path: Path
) -> None:
    functions = DurableFunctions(
        scenario.deployment.endpoint, tmp_path, find_asset(assembly, "python")
    )
    deployed = functions.deploy("kinds", KINDS)
    arn = functions.start("kinds", {})
    status = functions.ended(arn)["Status"]
    recorded = RecordedExecution("kinds", arn, status, functions.events(arn))
    renamed = [
        {**event, "Name": "before"} if event.get("Name") == "after-2" else event
        for event in recorded.events
    ]
    with replayer(scenario, deployed) as replaying:
        same = replaying.replay(recorded)
        other = replaying.replay(replace(recorded, events=renamed))

    assert recorded.end == {"Result": [3, [2, 4], 2, 2]}
    assert same == ReplayResult(None, None, len(recorded.points()))
    assert other.difference is not None
    assert re.match(
        r"step before \(operation \d+\) was renamed: the handler now calls it after-2",
        other.difference,
    )
