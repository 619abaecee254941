# SPDX-License-Identifier: MIT-0
"""What begins, ends or happens between two pages leaves nothing out, and shows nothing twice."""

from ....support.stacks.scenario import wait_until
from ....support.step_functions.machines import WAITING, Machines, one


def test_executions_that_begin_and_end_between_pages_move_no_others(machines: Machines) -> None:
    machine = machines.create(one(WAITING))

    def start(name: str) -> str:
        started = machines.client.start_execution(stateMachineArn=machine, name=name)
        return str(started["executionArn"])

    oldest, middle, newest = map(start, ("oldest", "middle", "newest"))
    seen: list[str] = []
    token: dict[str, str] = {}
    for _ in range(3):
        page = machines.client.list_executions(
            stateMachineArn=machine, statusFilter="RUNNING", maxResults=1, **token
        )
        token = {"nextToken": page["nextToken"]} if "nextToken" in page else {}
        [shown] = page["executions"]
        seen.append(shown["executionArn"])
        machines.client.stop_execution(executionArn=shown["executionArn"])
        machines.ended(shown["executionArn"])
        start(f"later-{len(seen)}")

    assert (seen, token) == ([newest, middle, oldest], {})


def test_events_between_pages_move_no_others(machines: Machines) -> None:
    execution = machines.start(one(WAITING))
    wait_until(lambda: machines.events(execution)[-1]["type"] == "TaskSubmitted", "the task")
    read = machines.client.get_execution_history
    first = read(executionArn=execution, maxResults=1)
    last = read(executionArn=execution, maxResults=1, reverseOrder=True)
    machines.client.stop_execution(executionArn=execution)
    machines.ended(execution)
    following = read(executionArn=execution, nextToken=first["nextToken"])
    before = read(executionArn=execution, reverseOrder=True, nextToken=last["nextToken"])

    [newest] = last["events"]
    assert [each["id"] for each in following["events"]] == list(
        range(2, len(machines.events(execution)) + 1)
    )
    assert [each["id"] for each in before["events"]] == list(range(newest["id"] - 1, 0, -1))
