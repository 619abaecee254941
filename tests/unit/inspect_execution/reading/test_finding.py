# SPDX-License-Identifier: MIT-0
"""Which executions a state machine's name, or a durable execution's ARN, leads to."""

import json
from typing import Any

import pytest

from inspect_execution.errors import InspectError, InvalidArgument
from inspect_execution.model.execution_view import build_view
from inspect_execution.model.prices import Prices
from inspect_execution.reading.aws_api import AwsApi
from inspect_execution.reading.finding import listed_executions, starting_execution
from inspect_execution.reading.finding.durable_arn import DurableArn
from inspect_execution.reading.finding.machine_name import MachineName

from ..events import (
    DURABLE,
    EXECUTION,
    START,
    STARTED,
    answered,
    at,
    durable_event,
    entered,
    scheduled,
    told,
)

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:machine"


class Paged:
    """A service that gives its lists one item a page, and counts the pages."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers
        self.pages = 0

    def list_state_machines(self, nextToken: str = "0") -> Any:  # noqa: N803
        return self._page("stateMachines", self._answers["machines"], nextToken)

    def list_executions(
        self,
        stateMachineArn: str,  # noqa: N803
        statusFilter: str | None = None,  # noqa: N803
        nextToken: str = "0",  # noqa: N803
    ) -> Any:
        every = [e for e in self._answers["executions"] if statusFilter in (None, e["status"])]
        return self._page("executions", every, nextToken)

    def _page(self, key: str, items: list[Any], token: str) -> Any:
        self.pages += 1
        place = int(token)
        more = {"nextToken": str(place + 1)} if place + 1 < len(items) else {}
        return {key: items[place : place + 1], **more}

    def __getattr__(self, action: str) -> Any:
        return lambda **_arguments: self._answers[action]


def execution(number: int, status: str = "RUNNING", **given: Any) -> dict[str, Any]:
    return {
        "executionArn": f"{EXECUTION}{number}",
        "status": status,
        "startDate": at(number),
        **given,
    }


def api(**answers: Any) -> AwsApi:
    return AwsApi(Paged(**answers), Paged(**answers), "here")


def test_a_name_is_looked_for_on_every_page() -> None:
    machines = [{"name": name, "stateMachineArn": f"arn:{name}"} for name in ("a", "b", "c")]

    assert MachineName.parse("c", "us-east-1").arn(api(machines=machines)) == "arn:c"
    assert MachineName.parse(f"{MACHINE}:3", None).region == "us-east-1"
    with pytest.raises(InspectError, match=r"^no state machine is named d at here$"):
        MachineName.parse("d", "us-east-1").arn(api(machines=machines))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("machine", r"^machine: a state machine's name needs --region or AWS_REGION$"),
        (EXECUTION, r"need a state machine's ARN or name, got arn:aws:states"),
        ("", r"got an empty text$"),
        ("a b", r"got a b$"),
    ],
)
def test_what_is_no_name_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        MachineName.parse(text, None)


def test_the_oldest_running_executions_come_first_and_what_is_beyond_the_limit_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    newest_first = [execution(3), execution(9, "FAILED"), execution(2), execution(1)]
    running = listed_executions.running_executions(api(executions=newest_first), MACHINE)

    assert running.arns == (f"{EXECUTION}1", f"{EXECUTION}2", f"{EXECUTION}3")
    assert running.is_complete
    monkeypatch.setattr(listed_executions, "MAX_RUNNING", 2)
    running = listed_executions.running_executions(api(executions=newest_first), MACHINE)
    assert (running.arns, running.is_complete) == ((f"{EXECUTION}2", f"{EXECUTION}3"), False)


def test_the_latest_failure_is_the_one_that_ended_last_and_a_stop_is_none() -> None:
    every = [
        execution(4, "ABORTED", stopDate=at(90)),
        execution(3, "FAILED", stopDate=at(50)),
        execution(2, "TIMED_OUT", stopDate=at(60)),
        execution(1, "FAILED", stopDate=at(20)),
    ]
    failed = listed_executions.failed_executions(api(executions=every), MACHINE, 2)

    assert [each["executionArn"] for each in failed] == [f"{EXECUTION}2", f"{EXECUTION}3"]
    with pytest.raises(InspectError, match=r"^machine has no execution that failed or timed out$"):
        listed_executions.failed_executions(api(executions=every[:1]), MACHINE, 2)


def durable(definition: str, executions: list[dict[str, Any]]) -> AwsApi:
    """A durable execution that began at second 5, and state machines that may have started it."""
    answer = answered("TaskSubmitted", header=DURABLE)
    return api(
        machines=[{"name": "machine", "stateMachineArn": MACHINE, "type": "STANDARD"}],
        executions=executions,
        describe_state_machine={"definition": definition},
        describe_execution={"executionArn": EXECUTION, "startDate": START, "status": "RUNNING"},
        describe_state_machine_for_execution={"definition": definition},
        get_execution_history={"events": told(STARTED, entered("A"), scheduled(), answer)},
        get_durable_execution={"StartTimestamp": at(5), "Status": "RUNNING", "InputPayload": "{}"},
        get_durable_execution_history={
            "Events": [durable_event(6, "WaitStarted", "rest", ScheduledEndTimestamp=at(66))]
        },
        get_function_configuration={},
    )


def named() -> DurableArn:
    parsed = DurableArn.parse(DURABLE)
    assert parsed is not None
    return parsed


def test_a_durable_execution_leads_to_the_execution_that_started_it() -> None:
    definition = json.dumps({"States": {"A": {"FunctionName": "work"}}})
    found = starting_execution.record_with_starter(durable(definition, [execution(2)]), named())
    view = build_view(found, Prices())

    assert (view.arn, view.is_durable_alone) == (EXECUTION, False)
    assert [each.arn for each in view.correlations] == [DURABLE]


@pytest.mark.parametrize(
    ("definition", "executions"),
    [
        ("{}", [execution(2)]),
        ('"work"', [execution(20)]),
        ('"work"', [execution(1, "SUCCEEDED", stopDate=at(2))]),
    ],
    ids=["other function", "began later", "ended earlier"],
)
def test_a_durable_execution_that_none_has_started_is_shown_alone(
    definition: str, executions: list[dict[str, Any]]
) -> None:
    found = starting_execution.record_with_starter(durable(definition, executions), named())
    view = build_view(found, Prices())

    assert (view.arn, view.state_machine, view.is_durable_alone) == (DURABLE, "work:1", True)
    assert [row.label for row in view.rows][-1] == "rest"
    assert [(wait.place, wait.until) for wait in view.waits] == [("work:1 / rest", at(66))]
    assert view.omissions == (
        "the Step Functions execution that started it: searched 0 executions",
    )
