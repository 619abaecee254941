# SPDX-License-Identifier: MIT-0
"""Modelled time: waits are skipped, and every family of executions has a time of its own."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.clocks.clocks import TRACE_HEADER

from ...support.assemblies.variants import append, edited
from ...support.stacks.scenario import ASYNC, SYNC, Scenario, deployed, wait_until
from .timed_executions import Ended, end, machine, order, run, start

HOUR = 3600


@pytest.fixture(scope="module")
def scenario(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenario]:
    """The stack, whose function may call back any state machine."""

    def call_back_any(resources: dict[str, Any]) -> None:
        [policy] = [
            resource["Properties"]["PolicyDocument"]
            for logical_id, resource in resources.items()
            if "TaskCallbackPolicy" in logical_id
        ]
        policy["Statement"][0]["Resource"] = "*"

    with deployed(edited(assembly, tmp_path_factory.mktemp("any"), call_back_any)) as ready:
        yield ready


# What a handler and its cold start may take in real time, which is modelled time, too.
WORK = 60
# And what comes between two events of a busy machine's interpreter.
LAG = 20


def wait(**state: Any) -> dict[str, Any]:
    return {"Wait": {"Type": "Wait", "End": True, **state}}


def time_in(seconds: int) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    "state",
    [
        {"Seconds": HOUR},
        {"SecondsPath": "$.seconds"},
        {"TimestampPath": "$.timestamp"},
        {"QueryLanguage": "JSONata", "Seconds": HOUR},
        {"QueryLanguage": "JSONata", "Seconds": "{% $states.input.seconds %}"},
        {"QueryLanguage": "JSONata", "Timestamp": "{% $states.input.timestamp %}"},
    ],
)
def test_a_wait_state_takes_its_time_in_the_history_alone(
    scenario: Scenario, state: dict[str, Any]
) -> None:
    given = {"seconds": HOUR, "timestamp": time_in(HOUR)}
    ended = run(scenario, wait(**state), given, QueryLanguage="JSONPath")
    [entered], [exited] = ended.seconds_of("WaitStateEntered"), ended.seconds_of("WaitStateExited")

    assert ended.status == "SUCCEEDED"
    assert exited - entered == pytest.approx(HOUR, abs=LAG)
    assert ended.seconds == pytest.approx(HOUR, abs=LAG)


def test_a_timestamp_is_reached_and_not_undercut(scenario: Scenario) -> None:
    moment = time_in(HOUR)
    ended = run(scenario, wait(Timestamp=moment))
    exited = ended.start + timedelta(seconds=ended.seconds_of("WaitStateExited")[0])

    assert timedelta() <= exited - datetime.fromisoformat(moment) < timedelta(seconds=LAG)


def test_a_timestamp_that_has_passed_is_not_waited_for(scenario: Scenario) -> None:
    assert run(scenario, wait(Timestamp=time_in(-HOUR))).seconds < 10


# The role of the stack may not invoke it.
REFUSED = "nobody"
RETRY = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 300, "BackoffRate": 3}


def retried(scenario: Scenario, language: str, **retry: Any) -> tuple[Ended, list[float]]:
    """An execution whose only task fails, and the pauses between its attempts."""
    arguments = "Arguments" if language == "JSONata" else "Parameters"
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        arguments: {"FunctionName": REFUSED},
        "Retry": [{**RETRY, "MaxAttempts": 3, **retry}],
        "End": True,
    }
    ended = run(scenario, {"Task": task}, QueryLanguage=language)
    failed, scheduled = ended.seconds_of("TaskFailed"), ended.seconds_of("TaskScheduled")
    return ended, [later - earlier for earlier, later in zip(failed, scheduled[1:], strict=False)]


@pytest.mark.parametrize("language", ["JSONata", "JSONPath"])
def test_the_pauses_before_retries_grow_up_to_their_limit(
    scenario: Scenario, language: str
) -> None:
    ended, pauses = retried(scenario, language, MaxDelaySeconds=1000)

    assert ended.status == "FAILED"
    assert pauses == pytest.approx([300, 900, 1000], abs=LAG)


def test_full_jitter_takes_a_part_of_each_pause(scenario: Scenario) -> None:
    _, pauses = retried(scenario, "JSONata", JitterStrategy="FULL")

    assert all(
        0 < pause < limit + LAG for pause, limit in zip(pauses, [300, 900, 2700], strict=True)
    )
    assert pauses != pytest.approx([300, 900, 2700], abs=LAG)


def test_branches_wait_at_the_same_time(scenario: Scenario) -> None:
    branches = [
        {"StartAt": f"{seconds}", "States": {f"{seconds}": wait(Seconds=seconds)["Wait"]}}
        for seconds in (300, 600)
    ]
    ended = run(scenario, {"Both": {"Type": "Parallel", "Branches": branches, "End": True}})

    assert ended.seconds_of("WaitStateExited") == pytest.approx([300, 600], abs=LAG)
    assert ended.seconds == pytest.approx(600, abs=LAG)
    assert ended.is_in_order()


def test_a_branch_that_fails_ends_the_wait_of_another(scenario: Scenario) -> None:
    waits = {"StartAt": "Wait", "States": wait(Seconds=HOUR)}
    fails = {
        "StartAt": "Pause",
        "States": {
            "Pause": {"Type": "Wait", "Seconds": 60, "Next": "Fail"},
            "Fail": {"Type": "Fail", "Error": "Broken"},
        },
    }
    ended = run(scenario, {"Both": {"Type": "Parallel", "Branches": [waits, fails], "End": True}})

    assert (ended.status, ended.description["error"]) == ("FAILED", "Broken")
    assert ended.seconds == pytest.approx(60, abs=LAG)


def test_items_of_a_map_wait_at_the_same_time_and_so_do_their_durable_executions(
    scenario: Scenario,
) -> None:
    state = {
        "Type": "Map",
        "Items": [1, 2, 3, 4],
        "ItemProcessor": {"StartAt": "Order", "States": {"Order": order(5)}},
        "End": True,
    }
    ended = run(scenario, {"Each": state})
    orders = scenario.ended_durable_executions(ASYNC)

    assert ended.status == "SUCCEEDED"
    assert 300 <= ended.seconds < 300 + WORK
    assert len(orders) == 4
    assert all(300 <= lasted(scenario, each.arn) < 300 + WORK for each in orders)
    assert ended.is_in_order()


def lasted(scenario: Scenario, arn: str) -> float:
    details = scenario.lambda_.get_durable_execution(DurableExecutionArn=arn)
    seconds: float = (details["EndTimestamp"] - details["StartTimestamp"]).total_seconds()
    return seconds


def test_executions_that_start_together_each_have_their_own_time(scenario: Scenario) -> None:
    waits = machine(scenario, wait(Seconds=300))
    orders = machine(scenario, {"Order": order(5)})
    started = [start(scenario, each) for each in (waits, orders) * 3]
    all_ended = [end(scenario, execution) for execution in started]
    scenario.ended_durable_executions(ASYNC)

    for ended in all_ended[::2]:
        assert ended.seconds == pytest.approx(300, abs=LAG)
    for ended in all_ended[1::2]:
        assert 300 <= ended.seconds < 300 + WORK
    assert all(ended.is_in_order() for ended in all_ended)


def test_a_new_execution_starts_at_real_time_even_after_skipped_time(
    scenario: Scenario,
) -> None:
    run(scenario, wait(Seconds=24 * HOUR))
    ended = run(scenario, {"Done": {"Type": "Succeed"}})

    assert abs(datetime.now(UTC) - ended.start) < timedelta(seconds=WORK)


INVOICE = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke",
    "Arguments": {"FunctionName": f"{SYNC}:1", "Payload": {"order_id": "order-1"}},
    "End": True,
}


def test_a_machine_and_its_durable_executions_share_one_time(scenario: Scenario) -> None:
    pause = {"Type": "Wait", "Seconds": HOUR, "Next": "Order"}
    states = {"Pause": pause, "Order": {**order(20), "Next": "Invoice"}, "Invoice": INVOICE}
    del states["Order"]["End"]
    ended = run(scenario, states)
    [first], [second] = (
        scenario.ended_durable_executions(ASYNC),
        scenario.ended_durable_executions(SYNC),
    )
    over = (first.time_of("WaitSucceeded", "wait_for_fulfilment") - ended.start).total_seconds()
    [called_back, invoiced] = ended.seconds_of("TaskSucceeded")

    assert HOUR + 1200 <= over < called_back < over + WORK
    # The synchronous function waits 10 seconds.
    assert called_back + 10 <= invoiced < called_back + 10 + WORK
    assert 10 <= lasted(scenario, second.arn) < 10 + WORK
    assert ended.is_in_order()


def test_what_a_handler_starts_starts_at_the_time_of_its_execution(scenario: Scenario) -> None:
    """AWS's clients send the trace header on: here it comes without a handler."""
    waits = start(scenario, machine(scenario, {"Order": order(59)}))
    first = end(scenario, waits)
    scenario.ended_durable_executions(ASYNC)
    root = scenario.deployment.endpoint.clocks.of(waits).trace_id
    client = scenario.step_functions

    def add_header(params: dict[str, Any], **_: Any) -> None:
        params["headers"][TRACE_HEADER] = f"Root={root}"

    client.meta.events.register("before-call", add_header)
    try:
        started = client.start_execution(stateMachineArn=machine(scenario, wait(Seconds=60)))
    finally:
        client.meta.events.unregister("before-call", add_header)
    second = end(scenario, started["executionArn"])

    assert second.start - first.start >= timedelta(minutes=59)
    assert second.seconds == pytest.approx(60, abs=LAG)


def test_a_heartbeat_runs_out_in_modelled_time(scenario: Scenario) -> None:
    ended = run(scenario, {"Order": order(59, HeartbeatSeconds=1800)})
    [durable] = scenario.ended_durable_executions(ASYNC)
    [submitted], [timed_out] = ended.seconds_of("TaskSubmitted"), ended.seconds_of("TaskTimedOut")

    assert (ended.status, ended.description["error"]) == ("FAILED", "States.Timeout")
    assert timed_out - submitted == pytest.approx(1800, abs=LAG)
    # It goes on alone, and finds the task closed.
    assert durable.result["status"] == "ABANDONED"
    assert lasted(scenario, durable.arn) >= 59 * 60


def test_a_task_times_out_in_modelled_time(scenario: Scenario) -> None:
    ended = run(scenario, {"Order": order(59, TimeoutSeconds=600)})
    scenario.ended_durable_executions(ASYNC)

    assert (ended.status, ended.description["error"]) == ("FAILED", "States.Timeout")
    assert ended.seconds == pytest.approx(600, abs=LAG)


def test_a_task_times_out_whose_synchronous_function_waits_longer(scenario: Scenario) -> None:
    # The function waits 10 seconds.
    ended = run(scenario, {"Invoice": {**INVOICE, "TimeoutSeconds": 6}})
    [durable] = scenario.ended_durable_executions(SYNC)

    assert (ended.status, ended.description["error"]) == ("FAILED", "States.Timeout")
    assert 6 <= ended.seconds < 10
    assert durable.status == "SUCCEEDED"
    assert lasted(scenario, durable.arn) >= 10


@pytest.mark.parametrize(
    ("states", "last"),
    [({"Order": order(59)}, "TaskSubmitted"), (wait(Seconds=HOUR), "WaitStateEntered")],
)
def test_a_machine_times_out_in_modelled_time(
    scenario: Scenario, states: dict[str, Any], last: str
) -> None:
    execution = start(scenario, machine(scenario, states, TimeoutSeconds=900))
    end(scenario, execution)
    # The status is told before the last event.
    wait_until(lambda: "ExecutionTimedOut" in end(scenario, execution).types(), "the last event")
    ended = end(scenario, execution)
    scenario.ended_durable_executions(ASYNC)

    assert ended.status == "TIMED_OUT"
    assert ended.seconds == pytest.approx(900, abs=LAG)
    assert ended.types()[-2:] == [last, "ExecutionTimedOut"]


def test_a_state_is_entered_at_the_modelled_time(scenario: Scenario) -> None:
    states = {
        "Wait": {"Type": "Wait", "Seconds": HOUR, "Next": "Tell"},
        "Tell": {"Type": "Pass", "Output": "{% $states.context.State.EnteredTime %}", "End": True},
    }
    ended = run(scenario, states)
    entered = datetime.fromisoformat(json.loads(ended.description["output"]))

    assert (entered - ended.start).total_seconds() == pytest.approx(HOUR, abs=LAG)


def logged(assembly: Path) -> None:
    """The steps before and after the wait each log a line."""
    for step in ("create_order", "notify_customer"):
        append(assembly, "orders.py", LOGGED.format(step=step))


LOGGED = """

import logging
_unlogged_{step} = {step}

def {step}(*arguments):
    logging.getLogger().warning("{step}")
    return _unlogged_{step}(*arguments)
"""


def test_log_lines_carry_the_modelled_time(scenario: Scenario, tmp_path: Path) -> None:
    with scenario.changed(tmp_path, logged):
        finished = scenario.run({"minutes_to_wait": 20})
    began = finished.time_of("ExecutionStarted").timestamp()

    def seconds_of(step: str) -> list[float]:
        """The time of the step's log event, and that in its line.

        A line has whole seconds, as AWS's runtime writes it: its time is compared with the second
        in which the execution began.
        """
        events = scenario.log_events()
        lines = [(event["timestamp"], json.loads(event["message"])) for event in events]
        return [
            seconds
            for milliseconds, line in lines
            if line["message"] == step
            for seconds in (
                milliseconds / 1000 - began,
                datetime.fromisoformat(line["timestamp"]).timestamp() - int(began),
            )
        ]

    wait_until(lambda: seconds_of("notify_customer") != [], "the line after the wait")
    assert [seconds for seconds in seconds_of("create_order") if not 0 <= seconds < WORK] == []
    late = [seconds for seconds in seconds_of("notify_customer") if not 0 <= seconds - 1200 < WORK]
    assert late == []
