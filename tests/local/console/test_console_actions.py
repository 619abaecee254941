# SPDX-License-Identifier: MIT-0
"""What the console starts and does, through its forms, without a browser."""

import html
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest
from werkzeug.test import Client, TestResponse

from local.console.actions.callback_actions import task_actions
from local.console.application import Console
from local.console.site import Site
from local.console.view import durable_arns, read_view
from local.step_functions.callback_task import CallbackTask
from local.step_functions.executions.environment import ExecutionEnvironment
from local.step_functions.executions.tokens import CallbackPool
from local.step_functions.interpreter import interpreter_backend

from ...support.assemblies.variants import find_asset
from ...support.functions.durable_functions import DurableFunctions
from ...support.shown_command import run_shown
from ...support.stacks.scenario import wait_until
from ...support.step_functions.machines import LAMBDA, ROLE, WAITING, Machines, one
from ...support.step_functions.machines import machines as small_machines

PASS = {"Type": "Pass", "End": True}
# Starts a durable execution of `ask` for each order.
EACH = {
    "Type": "Map",
    "ItemProcessor": {
        "StartAt": "Ask",
        "States": {
            "Ask": {
                "Type": "Task",
                "Resource": LAMBDA,
                "Parameters": {
                    "FunctionName": "ask:1",
                    "InvocationType": "Event",
                    "Payload": {"order.$": "$"},
                },
                "End": True,
            }
        },
    },
    "End": True,
}
ASKING = """
@durable_execution
def handler(event, context):
    print("asked about", event["order"])
    return context.create_callback(name="approval", config=CallbackConfig()).result()
"""


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with small_machines(tmp_path_factory.mktemp("machines")) as ready:
        yield ready


@pytest.fixture(scope="module")
def functions(
    machines: Machines, assembly: Path, tmp_path_factory: pytest.TempPathFactory
) -> DurableFunctions:
    layer = find_asset(assembly, "python")
    ready = DurableFunctions(machines.endpoint, tmp_path_factory.mktemp("functions"), layer)
    ready.deploy("ask", ASKING)
    return ready


class Forms:
    """A console whose forms are filled in."""

    def __init__(self, machines: Machines) -> None:
        self.site = Site(machines.endpoint, lambda: '{"minutes_to_wait": 20}')
        self.client = Client(Console(self.site))
        # All that was answered: no task token may be in it.
        self.seen: list[str] = []

    def get(self, address: str) -> str:
        self.seen.append(self.client.get(address).get_data(as_text=True))
        return self.seen[-1]

    def fill(self, address: str, **given: str) -> TestResponse:
        """Send the form of a page, filled in with these fields besides those that it has."""
        text = self.get(address)
        [action] = re.findall(r'method="post" action="([^"]+)"', text)
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))
        fields = {name: html.unescape(value) for name, value in hidden.items()}
        answer = self.client.post(action, data={**fields, **given})
        self.seen.append(answer.get_data(as_text=True))
        return answer

    def offers(self, arn: str) -> dict[str, str]:
        """The actions on the page of an execution: their labels and addresses."""
        text = self.get(f"/console/execution?arn={arn}")
        found = re.findall(r'<li><a class="button" href="([^"]+)">([^<]+)</a>', text)
        return {html.unescape(label): html.unescape(address) for address, label in found}


@pytest.fixture
def forms(machines: Machines) -> Forms:
    return Forms(machines)


def arn_in(answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return parse_qs(urlsplit(answer.headers["Location"]).query)["arn"][0]


def waiting(machines: Machines) -> str:
    arn = machines.start(one(WAITING), {"order": "order-9"})
    wait_until(lambda: len(machines.events(arn)) == 5, "the task to be submitted")
    return arn


def test_an_execution_is_started_with_the_examples_input(machines: Machines, forms: Forms) -> None:
    address = f"/console/start?machine={machines.create(one(PASS))}"
    assert "{&#34;minutes_to_wait&#34;: 20}</textarea>" in forms.get(address)
    started = arn_in(forms.fill(address, input='{"order": 1}', name="mine"))

    ended = machines.ended(started)
    assert (started.split(":")[-1], ended["output"]) == ("mine", '{"order":1}')
    # With its input, again.
    again = forms.offers(started)["Start again with this input"]
    assert "{&#34;order&#34;: 1}</textarea>" in forms.get(again)


def test_the_services_refusal_is_shown_as_it_is(machines: Machines, forms: Forms) -> None:
    answer = forms.fill(f"/console/start?machine={machines.create(one(PASS))}", input="{<b>")
    text = html.unescape(answer.get_data(as_text=True))

    assert answer.status_code == 400
    assert "(InvalidExecutionInput) when calling the StartExecution operation: Invalid" in text
    assert "{<b></textarea>" in text
    assert "{<b>" not in answer.get_data(as_text=True)


def test_an_express_machine_answers_on_its_page(machines: Machines, forms: Forms) -> None:
    machine = machines.client.create_state_machine(
        name="express", definition=json.dumps(one(PASS)), roleArn=ROLE, type="EXPRESS"
    )["stateMachineArn"]
    answer = forms.fill(f"/console/start?machine={machine}", input='{"order": 1}')
    text = html.unescape(answer.get_data(as_text=True))

    assert "<p>SUCCEEDED</p>" in text
    assert '{"order":1}</pre>' in text
    assert f"start-sync-execution --state-machine-arn {machine}" in text


def test_a_plain_function_answers_on_its_page(forms: Forms, machines: Machines) -> None:
    answer = forms.fill(
        "/console/invoke?function=echo", version="$LATEST", input='{"order": "<i>"}'
    )

    assert "{&#34;order&#34;: &#34;&lt;i&gt;&#34;}</pre>" in answer.get_data(as_text=True)


def test_the_command_that_invokes_a_function_does_so_with_the_cli_of_the_requirements(
    forms: Forms, tmp_path: Path
) -> None:
    page = forms.get("/console/invoke?function=echo")
    shown = re.search(r'<pre id="command".*?>(.*?)</pre>', page)
    assert shown is not None
    event = {"order": "it's", "ü": 1}
    command = html.unescape(shown[1]).replace("INPUT", shlex.quote(json.dumps(event)))
    run_shown(command.replace("VERSION", "'$LATEST'"), tmp_path)

    assert json.loads((tmp_path / "answer.json").read_text()) == event


def test_an_execution_is_stopped_and_redriven(machines: Machines, forms: Forms) -> None:
    arn = waiting(machines)
    stop = forms.offers(arn)["Stop"]
    command = f"stepfunctions stop-execution --execution-arn {arn}"
    assert command in forms.get(stop)
    assert machines.client.describe_execution(executionArn=arn)["status"] == "RUNNING"
    assert arn_in(forms.fill(stop, error="Cancelled", cause="by the customer")) == arn

    ended = machines.ended(arn)
    assert (ended["status"], ended["error"]) == ("ABORTED", "Cancelled")
    assert "can no longer be done" in forms.get(stop)
    forms.fill(forms.offers(arn)["Redrive"])
    assert machines.client.describe_execution(executionArn=arn)["status"] == "RUNNING"
    forms.fill(forms.offers(arn)["Stop"])


@pytest.mark.parametrize(
    ("label", "given", "typed", "expected"),
    [
        (
            "Answer S",
            {"output": '{"Payload": "yes"}'},
            "--task-output OUTPUT",
            ("SUCCEEDED", '"yes"', None),
        ),
        (
            "Fail S",
            {"error": "Denied", "cause": "no"},
            "[--error ERROR] [--cause CAUSE]",
            ("FAILED", None, "Denied"),
        ),
        ("Fail S", {}, "[--error ERROR] [--cause CAUSE]", ("FAILED", None, None)),
    ],
)
def test_a_task_is_answered_without_its_token_on_a_page(
    machines: Machines,
    forms: Forms,
    label: str,
    given: dict[str, str],
    typed: str,
    expected: tuple[str, str | None, str | None],
) -> None:
    arn = waiting(machines)
    [token] = [token for token, task in CallbackTask.by_token.items() if not task.is_closed]
    answer = forms.offers(arn)[label]
    assert f"--task-token TASK_TOKEN {typed}<" in forms.get(answer)
    forms.fill(answer, **given)
    ended = machines.ended(arn)
    forms.offers(arn)

    assert (ended["status"], ended.get("output"), ended.get("error")) == expected
    assert [text for text in forms.seen if token in text] == []


def test_an_answer_is_offered_with_the_name_of_its_state_from_the_first(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token is made before the state is entered, and the task is scheduled after that."""
    labels: list[list[str]] = []
    add, note_entry = CallbackPool.add, ExecutionEnvironment.note_entry

    def look(token: str) -> None:
        [arn] = [arn for arn, made in CallbackTask.of_execution.items() if token in made]
        execution = interpreter_backend().describe_execution(arn)
        labels.append([action.label for action in task_actions(machines.endpoint, execution)])

    def add_and_look(pool: CallbackPool, token: str) -> CallbackTask:
        task = add(pool, token)
        look(token)
        return task

    def enter_and_look(environment: ExecutionEnvironment) -> None:
        note_entry(environment)
        look(environment.states.context_object.context_object_data["Task"]["Token"])

    monkeypatch.setattr(CallbackPool, "add", add_and_look)
    monkeypatch.setattr(ExecutionEnvironment, "note_entry", enter_and_look)
    arn = waiting(machines)
    machines.client.stop_execution(executionArn=arn)

    assert labels == [[], ["Answer S", "Fail S"]]


def test_the_answer_to_a_second_attempt_has_the_name_of_its_state(
    machines: Machines, forms: Forms
) -> None:
    retried = {**WAITING, "Retry": [{"ErrorEquals": ["Denied"], "IntervalSeconds": 1}]}
    arn = machines.start(one(retried), {"order": "order-9"})
    wait_until(lambda: len(machines.events(arn)) == 5, "the task to be submitted")
    first = forms.offers(arn)["Answer S"]
    forms.fill(forms.offers(arn)["Fail S"], error="Denied")
    wait_until(
        lambda: forms.offers(arn).get("Answer S", first) != first, "the second attempt's answer"
    )
    forms.fill(forms.offers(arn)["Answer S"], output='{"Payload": "yes"}')

    assert machines.ended(arn)["status"] == "SUCCEEDED"


def test_the_task_of_an_activity_is_answered_once_a_worker_has_taken_it(
    machines: Machines, forms: Forms
) -> None:
    activity = machines.client.create_activity(name="hands")["activityArn"]
    arn = machines.start(one({"Type": "Task", "Resource": activity, "End": True}), {})
    wait_until(lambda: len(machines.events(arn)) == 3, "the task to be scheduled")
    before = list(forms.offers(arn))
    machines.client.get_activity_task(activityArn=activity)
    forms.fill(forms.offers(arn)["Answer hands"], output='"packed"')

    assert before == ["Start again with this input", "Stop"]
    assert machines.ended(arn)["output"] == '"packed"'


def test_a_refused_answer_asks_again(machines: Machines, forms: Forms) -> None:
    arn = waiting(machines)
    refused = forms.fill(forms.offers(arn)["Answer S"], output="{")

    assert refused.status_code == 400
    assert "InvalidOutput" in refused.get_data(as_text=True)
    assert ">{</textarea>" in refused.get_data(as_text=True)
    forms.fill(forms.offers(arn)["Stop"])


def test_a_durable_execution_is_paused_resumed_answered_and_deleted(
    functions: DurableFunctions, forms: Forms
) -> None:
    arn = arn_in(
        forms.fill("/console/invoke?function=ask", version="1", input='{"order": "order-9"}')
    )
    identity = functions.wait_for_event(arn, "CallbackStarted")["CallbackStartedDetails"]
    assert " [--reason REASON]<" in forms.get(forms.offers(arn)["Pause ask:1"])
    assert " [--error ERRORTYPE,ERRORMESSAGE]<" in forms.get(forms.offers(arn)["Stop ask:1"])
    assert " --result fileb:///dev/stdin<" in forms.get(
        forms.offers(arn)["Answer approval of ask:1"]
    )
    forms.fill(forms.offers(arn)["Pause ask:1"], reason="lunch")
    functions.wait_for(arn, "PAUSED")
    assert "order-9" in forms.get("/console?status=paused")
    forms.fill(forms.offers(arn)["Resume ask:1"])
    forms.fill(forms.offers(arn)["Answer approval of ask:1"], output="yes")

    assert functions.ended(arn)["Result"] == '"yes"'
    assert '"log","asked about order-9"' in forms.get(f"/console/execution?arn={arn}")
    assert [text for text in forms.seen if f'"{identity["CallbackId"]}"' in text] == []
    assert forms.fill(forms.offers(arn)["Delete ask:1"]).headers["Location"] == "/console"
    assert "not found" in forms.get(f"/console/execution?arn={arn}")


def test_the_command_that_answers_a_callback_sends_its_text_as_it_is(
    functions: DurableFunctions, forms: Forms, tmp_path: Path
) -> None:
    arn = arn_in(forms.fill("/console/invoke?function=ask", version="1", input='{"order": 1}'))
    identity = functions.wait_for_event(arn, "CallbackStarted")["CallbackStartedDetails"]
    page = forms.get(forms.offers(arn)["Answer approval of ask:1"])
    shown = re.search(r'<pre id="command".*?>(.*?)</pre>', page)
    assert shown is not None
    command = html.unescape(shown[1]).replace("OUTPUT", "http://127.0.0.1:1/yes")
    run_shown(command.replace("CALLBACK_ID", identity["CallbackId"]), tmp_path)

    assert functions.ended(arn)["Result"] == '"http://127.0.0.1:1/yes"'


def test_durable_executions_of_one_version_have_the_numbers_of_their_rows(
    machines: Machines, functions: DurableFunctions, forms: Forms
) -> None:
    arn = machines.start(one(EACH), ["order-1", "order-2"])
    machines.ended(arn)
    started = durable_arns(machines.endpoint, arn)
    for each in started:
        functions.wait_for_event(each, "CallbackStarted")
    rows = {
        row.label: dict(row.details)["durable execution"]
        for row in read_view(forms.site.api, arn).rows
        if row.started_by
    }
    offers = forms.offers(arn)

    assert sorted(rows) == ["ask:1 #1", "ask:1 #2"]
    assert sorted(rows.values()) == sorted(started)
    for name, durable in rows.items():
        assert quote_plus(durable) in offers[f"{name} alone"]
        assert quote_plus(f"stop {durable}") in offers[f"Stop {name}"]
        forms.fill(offers[f"Answer approval of {name}"], output="yes")
        assert functions.ended(durable)["Result"] == '"yes"'


def test_a_form_of_another_page_does_nothing(machines: Machines, forms: Forms) -> None:
    arn = waiting(machines)
    for token in ({}, {"csrf": ""}, {"csrf": "é"}, {"csrf": Forms(machines).site.csrf}):
        data = {"arn": arn, "action": "stop", "error": "", "cause": "", **token}
        assert forms.client.post("/console/act", data=data).status_code == 403
    assert forms.client.post("/console", data={}).status_code == 405

    assert machines.client.describe_execution(executionArn=arn)["status"] == "RUNNING"
    forms.fill(forms.offers(arn)["Stop"])
