# SPDX-License-Identifier: MIT-0
"""Activities and their workers, as recorded from AWS."""

from concurrent.futures import ThreadPoolExecutor

from local.step_functions.activities import ActivityCallback

from ....support.stacks.scenario import wait_until
from ....support.step_functions.bare_machines import refusal
from ....support.step_functions.integrations import ACTIVITY, Integrations, task

TASK = {"S": task(ACTIVITY, {"order": 1})}
SCHEDULED = ["ExecutionStarted", "TaskStateEntered", "ActivityScheduled"]


def test_a_worker_takes_a_task_and_answers_it(nested: Integrations) -> None:
    arn = nested.start(TASK)
    taken = nested.step_functions.get_activity_task(activityArn=ACTIVITY, workerName="hands")
    nested.step_functions.send_task_heartbeat(taskToken=taken["taskToken"])
    nested.step_functions.send_task_success(taskToken=taken["taskToken"], output='{"packed": true}')
    ended = nested.ended(arn)

    assert taken["input"] == '{"order":1}'
    assert ended.output == {"packed": True}
    assert ended.types == [
        *SCHEDULED,
        "ActivityStarted",
        "ActivitySucceeded",
        "TaskStateExited",
        "ExecutionSucceeded",
    ]
    assert ended.details("ActivityScheduled")["resource"] == ACTIVITY
    assert ended.details("ActivityStarted") == {"workerName": "hands"}


def test_a_worker_without_a_name_fails_a_task(nested: Integrations) -> None:
    arn = nested.start(TASK)
    token = nested.step_functions.get_activity_task(activityArn=ACTIVITY)["taskToken"]
    nested.step_functions.send_task_failure(taskToken=token, error="Torn", cause="the box")
    ended = nested.ended(arn)

    assert ended.failure == ("Torn", "the box")
    assert ended.types == [*SCHEDULED, "ActivityStarted", "ActivityFailed", "ExecutionFailed"]
    assert ended.details("ActivityStarted") == {}


def has_scheduled(nested: Integrations, execution: str) -> bool:
    history = nested.step_functions.get_execution_history(executionArn=execution)
    return any(event["type"] == "ActivityScheduled" for event in history["events"])


def test_a_task_that_has_ended_is_given_to_no_worker(nested: Integrations) -> None:
    stopped = nested.start(TASK)
    wait_until(lambda: has_scheduled(nested, stopped), "the task to be scheduled")
    nested.step_functions.stop_execution(executionArn=stopped)
    late = nested.ended(nested.start({"S": task(ACTIVITY, {"order": 2}, TimeoutSeconds=1)}))
    open_ = nested.start({"S": task(ACTIVITY, {"order": 3})})
    taken = nested.step_functions.get_activity_task(activityArn=ACTIVITY)
    nested.step_functions.stop_execution(executionArn=open_)

    assert taken["input"] == '{"order":3}'
    assert nested.ended(stopped).types == [*SCHEDULED, "ExecutionAborted"]
    assert late.types == [*SCHEDULED, "ActivityTimedOut", "ExecutionFailed"]
    assert late.description["error"] == "States.Timeout"


def test_a_task_that_ends_waits_for_no_worker_any_longer() -> None:
    waiting = ActivityCallback("token", ACTIVITY)
    start = waiting.get_activity_task_start_endpoint()
    with ThreadPoolExecutor() as pool:
        started = pool.submit(start.wait, 30)
        waiting.interrupt_all()

        assert started.result(timeout=10) is None


def test_a_lost_heartbeat_is_caught_by_its_name(nested: Integrations) -> None:
    catch = [{"ErrorEquals": ["States.HeartbeatTimeout"], "Next": "Caught"}]
    states = {
        "S": task(ACTIVITY, {"order": 4}, HeartbeatSeconds=1, Catch=catch),
        "Caught": {"Type": "Succeed"},
    }
    arn = nested.start(states)
    nested.step_functions.get_activity_task(activityArn=ACTIVITY)
    ended = nested.ended(arn)

    assert ended.output == {"Error": "States.Timeout", "Cause": ""}
    assert "ActivityTimedOut" in ended.types


def test_an_activity_that_does_not_exist_fails_the_execution(nested: Integrations) -> None:
    ended = nested.call(f"{ACTIVITY}-none", {"order": 5})

    assert ended.types == ["ExecutionStarted", "TaskStateEntered", "ExecutionFailed"]
    assert ended.failure == (
        "States.Runtime",
        "An error occurred while executing the state 'S' (entered at the event id #2). "
        f"The activity {ACTIVITY}-none does not exist.",
    )


def test_an_activity_is_created_described_and_deleted(nested: Integrations) -> None:
    client = nested.step_functions
    arn = client.create_activity(name="wrap")["activityArn"]
    assert client.create_activity(name="wrap")["activityArn"] == arn
    assert client.describe_activity(activityArn=arn)["name"] == "wrap"
    client.delete_activity(activityArn=arn)

    missing = ("ActivityDoesNotExist", f"Activity Does Not Exist: '{arn}'")
    assert refusal(client.describe_activity, activityArn=arn) == missing
    assert refusal(client.get_activity_task, activityArn=arn) == missing
    assert refusal(client.create_activity, name="a b$") == ("InvalidName", "Invalid Name: 'a b$'")


def test_a_role_needs_no_permission_for_an_activity(nested: Integrations) -> None:
    arn = nested.start(TASK, role_id="PoorRole")
    token = nested.step_functions.get_activity_task(activityArn=ACTIVITY)["taskToken"]
    nested.step_functions.send_task_success(taskToken=token, output="1")

    assert nested.ended(arn).output == 1
