# SPDX-License-Identifier: MIT-0
"""The console, asked without a browser: its list, and what each of its answers carries."""

import html
import json
import re
from collections.abc import Iterator
from typing import NoReturn

import pytest
from werkzeug.test import Client

from local.console.application import POLICY, Console
from local.console.listing import state_machines
from local.console.pages.execution import POLICY as FRAMED
from local.console.site import Site
from local.functions.lambda_error import LambdaError
from local.functions.registry import Functions

from ...support.stacks.scenario import wait_until
from ...support.step_functions.machines import WAITING, Machines, one
from ...support.step_functions.machines import machines as small_machines
from ...support.work import calls

MARKUP = "<script>document.title = 'taken over'</script>"
PASS = {"Type": "Pass", "End": True}
FAIL = {"Type": "Fail", "Error": "OutOfStock", "Cause": "no widgets left for order-7"}
FEW, MANY = 100, 1_000


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with small_machines(tmp_path_factory.mktemp("machines")) as ready:
        yield ready


@pytest.fixture(scope="module")
def site(machines: Machines) -> Site:
    return Site(machines.endpoint, lambda: '{"minutes_to_wait": 20}')


@pytest.fixture
def console(site: Site) -> Client:
    return Client(Console(site))


def shown(console: Client, **query: str) -> list[tuple[str, str]]:
    """The status and the input of each execution in the list."""
    text = console.get("/console", query_string=query).get_data(as_text=True)
    statuses = re.findall(r"</span> ([a-z ]+)</td>", text)
    inputs = re.findall(r'<td class="data">(.*?)</td>', text)
    return list(zip(statuses, map(html.unescape, inputs), strict=True))


@pytest.fixture(scope="module")
def waiting(machines: Machines) -> str:
    """The ARN of an execution that waits for a callback."""
    machines.run(one(PASS), {"order": "order-5", "note": MARKUP})
    machines.run(one(FAIL))
    arn = machines.start(one(WAITING), {"order": "order-9"})
    wait_until(lambda: len(machines.events(arn)) == 5, "the task to be submitted")
    return arn


def test_the_list_is_filtered_by_status_name_and_text(console: Client, waiting: str) -> None:
    passed = ("succeeded", f'{{"order": "order-5", "note": "{MARKUP}"}}'[:80])
    machine, name = waiting.split(":")[-2:]

    assert [status for status, _ in shown(console)] == ["running", "failed", "succeeded"]
    assert shown(console, text="ORDER-7") == [("failed", "{}")]
    assert shown(console, text="order-5")[0][0] == passed[0]
    assert shown(console, text="order-5")[0][1].startswith(passed[1])
    assert shown(console, status="running") == [("running", '{"order": "order-9"}')]
    assert shown(console, name=machine) == shown(console, name=name) == shown(console, text="r-9")
    assert shown(console, text="order-5", status="failed") == []


def test_markup_in_an_input_is_text_and_every_answer_has_the_policy(
    console: Client, waiting: str
) -> None:
    for path in ("/console", f"/console/execution?arn={waiting}", "/console/files/home.js", "/x"):
        answer = console.get(path)
        policy = FRAMED["Content-Security-Policy"] if "execution" in path else POLICY
        assert answer.headers["Content-Security-Policy"] == policy
        assert MARKUP not in answer.get_data(as_text=True)


def test_a_browser_is_led_from_the_address_to_the_console(console: Client) -> None:
    answer = console.get("/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/console")


def test_costs_come_after_the_list(console: Client, site: Site, waiting: str) -> None:
    assert f'data-cost="{waiting}"' in console.get("/console").get_data(as_text=True)
    answer = console.get("/console/costs", query_string={"arn": waiting})
    assert answer.json == {waiting: "$0.000025"}
    # It still runs: the estimate is not the last one.
    assert site.costs.known(waiting) == ""


def test_what_does_not_exist_is_said_in_the_services_words(console: Client, waiting: str) -> None:
    missing = console.get("/console/execution", query_string={"arn": f"{waiting}-"})

    assert missing.status_code == 404
    assert "Execution Does Not Exist" in missing.get_data(as_text=True)
    assert console.get("/console/nothing").status_code == 404
    unknown = console.get("/console/function?name=nobody")
    assert unknown.status_code == 404
    assert "Function not found" in unknown.get_data(as_text=True)
    assert console.get("/console/files/application.py").status_code == 404
    no_arn = console.get("/console/machine?arn=zzz")
    assert no_arn.status_code == 400
    assert ">Invalid Arn: &#39;Invalid ARN prefix: zzz&#39;</p>" in no_arn.get_data(as_text=True)


def test_a_version_that_does_not_exist_has_no_form(console: Client, waiting: str) -> None:
    url = "/console/invoke?function=echo&version="
    missing = console.get(f"{url}77")

    assert console.get(f"{url}$LATEST").status_code == 200
    assert missing.status_code == 404
    assert "Function not found" in missing.get_data(as_text=True)


def test_what_is_throttled_is_not_missing(
    console: Client, waiting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def throttle(*_: object, **__: object) -> NoReturn:
        raise LambdaError("TooManyRequestsException", 429, "Rate Exceeded.")

    monkeypatch.setattr(Functions, "versions", throttle)
    throttled = console.get("/console/function?name=echo")

    assert throttled.status_code == 429
    assert "Rate Exceeded." in throttled.get_data(as_text=True)


def test_what_a_request_lacks_is_named(console: Client, site: Site) -> None:
    shown = console.get("/console/execution")
    started = console.post("/console/start", data={"csrf": site.csrf, "machine": "m"})

    assert (shown.status_code, started.status_code) == (400, 400)
    assert "The request has no arn" in shown.get_data(as_text=True)
    assert "The request has no input" in started.get_data(as_text=True)


def test_who_asks_for_no_stream_gets_none(console: Client, waiting: str) -> None:
    assert console.get("/console/stream", query_string={"arn": waiting}).status_code == 406


def test_ten_times_the_executions_are_listed_with_less_than_three_times_the_work(
    console: Client, machines: Machines, waiting: str
) -> None:
    arn = str(machines.run(one(PASS))["executionArn"])
    [machine] = [each for each in state_machines() if each.name == arn.split(":")[-2]]

    def page() -> str:
        return console.get("/console", query_string={"page": "2"}).get_data(as_text=True)

    own = list(machine.executions)
    machine.executions = own * FEW
    # What is read once is read here.
    page()
    few = calls(page)
    machine.executions = own * MANY
    text = page()

    assert f"51 to 100 of {MANY + 3:,} executions" in text
    assert text.count("<tr><td") == 50
    assert calls(page) < 3 * few


def test_a_machine_shows_its_definition_and_what_runs_on_which(
    console: Client, machines: Machines
) -> None:
    running = machines.start(one(WAITING))
    arn = running.replace(":execution:", ":stateMachine:").rsplit(":", 1)[0]
    machines.client.update_state_machine(
        stateMachineArn=arn, definition=json.dumps(one(PASS)), publish=True
    )
    machines.ended(machines.client.start_execution(stateMachineArn=f"{arn}:1")["executionArn"])
    text = console.get("/console/machine", query_string={"arn": arn}).get_data(as_text=True)
    shown = re.findall(
        r"<h3>(.+)</h3>\n<p class=\"quiet\">executions: (\d+), running now: (\d)", text
    )

    assert shown == [
        ("the definition now", "0", "0"),
        ("version 1", "1", "0"),
        ("an earlier definition", "1", "1"),
    ]
    assert f">{running.split(':')[-1]}</a>" in text
    assert 'aria-label="S: Pass state"' in text
    assert "&#34;Type&#34;: &#34;Pass&#34;" in text
    machines.client.stop_execution(executionArn=running)


def test_a_function_shows_its_versions(console: Client, machines: Machines) -> None:
    text = console.get("/console/function?name=echo").get_data(as_text=True)

    assert ">Version $LATEST</h2>" in text
    assert "/console/invoke?function=echo&amp;version=%24LATEST" in text
