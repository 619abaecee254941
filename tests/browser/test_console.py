# SPDX-License-Identifier: MIT-0
"""The console, in a browser."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from inspect_execution.model.execution_view import ExecutionView, build_view
from inspect_execution.model.prices import Prices
from inspect_execution.page.page_data import page_data
from local.console import live
from local.console.application import Console
from local.console.commands import ERROR_OBJECT, ShownCommand, TypedArgument
from local.console.site import Site

from ..support.opened_page import browsing
from ..support.shown_command import run_shown
from ..support.stacks.examples import MARKUP
from ..support.stacks.histories import FULFILLED, INVOICED, VISITS, operations
from ..support.stacks.scenario import Scenario, deployed
from ..support.stacks.waiting_tasks import start_waiting
from ..unit.inspect_execution.events import (
    DURABLE,
    STARTED,
    answered,
    at,
    durable_event,
    durable_record,
    entered,
    recording,
    scheduled,
    told,
)

SIZES = [(360, 740), (1600, 900)]
MIN_CONTRAST = 4.5
FOREIGN = "http://evil.example/"
ENDED = "Ended: nothing of this execution goes on."


@pytest.fixture(scope="module")
def scenario(browser: Browser, assembly: Path) -> Iterator[Scenario]:
    with deployed(assembly) as ready:
        endpoint = ready.deployment.endpoint
        endpoint.console = Console(Site(endpoint, lambda: '{"minutes_to_wait": 20}'))
        yield ready


@pytest.fixture(scope="module")
def address(scenario: Scenario) -> str:
    return scenario.deployment.endpoint.url


@pytest.fixture(scope="module")
def stop_form(scenario: Scenario, address: str) -> Iterator[str]:
    """The address of the form that stops an execution that waits."""
    arn = start_waiting(scenario, {})
    yield f"{address}/console/act?arn={arn}&action=stop"
    scenario.step_functions.stop_execution(executionArn=arn)


def start(page: Page, given: dict[str, object] | None = None) -> None:
    """Start an execution of the pattern with the form, by default with the example's input."""
    page.get_by_role("link", name="Console").click()
    page.get_by_role("link", name="Start an execution of sfn-dfn-integration-pattern-cdk").click()
    if given is not None:
        page.get_by_label("Input, as JSON").fill(json.dumps(given))
    page.get_by_role("button", name="Start").click()


def do(page: Page, label: str, **given: str) -> None:
    """Click an action of an execution's page, fill its form in, and confirm it."""
    page.get_by_role("link", name=label, exact=True).click()
    for name, text in given.items():
        page.locator(f"#{name}").fill(text)
    page.get_by_role("button", name=label, exact=True).click()


def test_twenty_minutes_are_watched_to_their_end(browser: Browser, address: str) -> None:
    with browsing(browser, address) as opened:
        page = opened.page
        start(page)
        expect(page.locator("#live")).to_have_text(ENDED)
        names = page.locator("#rows .name").all_inner_texts()
        graph = page.locator("g.state .status").all_text_contents()

        assert opened.text("#status") == "✓ succeeded"
        assert re.match(r"20 min 1\d s", opened.text("#facts"))
        # The rows of the page that is saved.
        with page.expect_download() as saved:
            page.get_by_role("link", name="Save this page").click()
        assert "console" not in re.sub(r"<script>.*?</script>", "", saved.value.path().read_text())
    assert [name for name in names if "invocation" not in name] == [
        *(visit.name for visit in VISITS),
        "sfn-dfn-async-durable-fn:1",
        *operations(FULFILLED),
        "sfn-dfn-sync-durable-fn:1",
        *operations(INVOICED),
    ]
    assert graph == ["Task · ✓ succeeded"] * len(VISITS)


def test_a_failure_is_shown_and_markup_in_an_input_stays_text(
    browser: Browser, address: str
) -> None:
    with browsing(browser, address) as opened:
        page = opened.page
        start(page, {"minutes_to_wait": -5, "note": MARKUP})
        expect(page.locator("#status")).to_have_text("✗ failed")
        page.get_by_role("link", name="Console").click()
        page.get_by_label("Input or output").fill("taken over")
        page.get_by_role("button", name="Filter").click()

        assert page.locator("tbody tr").count() == 1
        assert MARKUP[:30] in opened.text("tbody tr .data")
        expect(page.locator("tbody [data-cost]")).to_have_count(0)
        assert page.title() == "Console"


def test_what_is_typed_is_checked_as_json_and_shown_as_a_command(
    browser: Browser, address: str
) -> None:
    with browsing(browser, f"{address}/console") as opened:
        page = opened.page
        page.get_by_role("link", name="Start an execution of sfn-dfn").click()
        area = page.get_by_label("Input, as JSON")
        area.fill('{"a": "it\'s"')
        assert opened.text(".check").startswith("✗ not JSON: ")
        area.press_sequentially("}")

        assert opened.text(".check") == "✓ JSON"
        assert opened.text("#command").endswith("""--input '{"a": "it'"'"'s"}'""")


def test_the_command_beside_a_form_does_what_the_form_would_do(
    browser: Browser, scenario: Scenario, address: str, tmp_path: Path
) -> None:
    arn = start_waiting(scenario, {})
    machine = scenario.step_functions.describe_execution(executionArn=arn)["stateMachineArn"]
    with browsing(browser, f"{address}/console/start?machine={machine}") as opened:
        opened.page.locator("#input").fill('{"note": "it\'s"}')
        opened.page.locator("#name").fill("-mine")
        started = json.loads(run_shown(opened.text("#command"), tmp_path))["executionArn"]
        opened.page.goto(f"{address}/console/execution?arn={arn}")
        opened.page.get_by_role("link", name="Stop", exact=True).click()
        opened.page.locator("#error").fill("Out of stock")
        opened.page.locator("#cause").fill("-3 widgets\tleft")
        run_shown(opened.text("#command"), tmp_path)
    begun = scenario.step_functions.describe_execution(executionArn=started)
    scenario.step_functions.stop_execution(executionArn=started)
    ended = scenario.end_of(arn)

    assert (begun["name"], begun["input"]) == ("-mine", '{"note": "it\'s"}')
    assert (ended["status"], ended["error"], ended["cause"]) == (
        "ABORTED",
        "Out of stock",
        "-3 widgets\tleft",
    )


def test_the_command_sends_the_address_that_is_typed_and_not_what_is_there(
    browser: Browser, scenario: Scenario, address: str, tmp_path: Path
) -> None:
    arn = start_waiting(scenario, {})
    (tmp_path / "reason").write_text("loaded")
    with browsing(browser, f"{address}/console/act?arn={arn}&action=stop") as opened:
        opened.page.locator("#error").fill("file://reason")
        opened.page.locator("#cause").fill(f"{address}/it's")
        run_shown(opened.text("#command"), tmp_path)
    ended = scenario.end_of(arn)

    assert (ended["error"], ended["cause"]) == ("file://reason", f"{address}/it's")


@pytest.mark.parametrize(
    ("argument", "error", "cause", "shown"),
    [
        (TypedArgument("", "error"), "", "", "aws ''"),
        (TypedArgument("", "error"), "-5", "", "aws -5"),
        (TypedArgument("--error", "error"), "", "", "aws --error ''"),
        (TypedArgument("--error", "error", is_optional=True), "", "C", "aws"),
        (TypedArgument("", "error"), "http://a", "", "aws http://a"),
        (
            TypedArgument("--error", "error", "Error"),
            "fileb://a",
            "",
            """aws --cli-input-json '{"Error":"fileb://a"}'""",
        ),
        (ERROR_OBJECT, "", "", "aws"),
        (ERROR_OBJECT, "", "it's", """aws --error '{"ErrorMessage":"it'"'"'s"}'"""),
        (ERROR_OBJECT, "E", "C", """aws --error '{"ErrorType":"E","ErrorMessage":"C"}'"""),
    ],
)
def test_an_argument_of_a_shown_command_is_what_its_fields_hold(
    browser: Browser,
    stop_form: str,
    argument: TypedArgument,
    error: str,
    cause: str,
    shown: str,
) -> None:
    parts = ShownCommand(("aws", argument)).for_script
    with browsing(browser, stop_form) as opened:
        opened.page.locator("#command").evaluate("(e, parts) => e.dataset.command = parts", parts)
        opened.page.locator("#cause").fill(cause)
        opened.page.locator("#error").fill("changed")
        opened.page.locator("#error").fill(error)

        assert opened.text("#command") == shown


def test_an_execution_is_stopped_redriven_and_answered(
    browser: Browser, scenario: Scenario, address: str
) -> None:
    arn = start_waiting(scenario, {})
    with browsing(browser, f"{address}/console/execution?arn={arn}") as opened:
        page = opened.page
        expect(page.locator("#waits")).to_contain_text("a callback with the task token")
        expect(page.locator(".countdown").first).to_have_text(re.compile(r"\d+ s|\d+ min"))
        do(page, "Stop", error="Cancelled")
        expect(page.locator("#status")).to_have_text("■ aborted")
        do(page, "Redrive")
        expect(page.locator("#status")).to_have_text("▶ running")
        answer = page.get_by_role("link", name=re.compile("^Answer ")).inner_text()
        do(page, answer, output='{"answered": true}')
        expect(page.locator("#status")).to_have_text("✓ succeeded")

    assert json.loads(scenario.end_of(arn)["output"]) == {"answered": True}


def stopped_view() -> ExecutionView:
    """A stopped execution whose durable execution still waits."""
    events = told(
        STARTED,
        entered("S"),
        scheduled(resource="invoke.waitForTaskToken"),
        answered("TaskSubmitted", header=DURABLE),
        ("ExecutionAborted", {"error": "Cancelled"}),
    )
    wait = durable_event(5, "WaitStarted", "rest", ScheduledEndTimestamp=at(605))
    record = durable_record(wait, status="RUNNING")
    return build_view(recording(events, record, status="ABORTED", error="Cancelled"), Prices())


def test_a_wait_that_outlasts_its_execution_is_shown_once_after_the_reason_of_the_end(
    browser: Browser, scenario: Scenario, address: str
) -> None:
    view = stopped_view()
    waits = [live._wait(view, wait) for wait in view.waits]
    shown = {"execution": page_data(view), "states": {}, "offers": [], "waits": waits}
    body = live.event("view", shown) + live.event("end", {})
    arn = start_waiting(scenario, {})
    with browsing(browser, address) as opened:
        page = opened.page
        page.route(
            "**/console/stream?*",
            lambda route: route.fulfill(body=body, content_type="text/event-stream"),
        )
        page.goto(f"{address}/console/execution?arn={arn}")
        expect(page.locator("#live")).to_have_text(ENDED)
        expect(page.locator("#summaries .why")).to_have_text("Cancelled")
        expect(page.locator("#summaries + #waits")).to_contain_text("work:1 / rest")
        # Other tests read their pages in the same tab.
        page.unroute("**/console/stream?*")
    scenario.step_functions.stop_execution(executionArn=arn)


def test_a_button_that_is_still_offered_is_not_drawn_anew(
    browser: Browser, scenario: Scenario, address: str
) -> None:
    arn = start_waiting(scenario, {})
    with browsing(browser, f"{address}/console/execution?arn={arn}") as opened:
        expect(opened.page.locator("#waits")).to_contain_text("a callback with the task token")
        stop = opened.page.get_by_role("link", name="Stop", exact=True)
        row = opened.page.locator("#rows > *").last
        for marked in (stop, row):
            marked.evaluate("element => element.className += ' drawn-before'")
        # The page asks for a view when it is seen again.
        opened.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(row).not_to_contain_class("drawn-before")

        expect(stop).to_contain_class("drawn-before")
    scenario.step_functions.stop_execution(executionArn=arn)


def test_a_foreign_origin_and_a_foreign_host_are_refused(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    form = f'<form method="post" action="{address}/console/act"><button>Win</button></form>'
    page.route(FOREIGN, lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto(FOREIGN)
    with page.expect_navigation() as posted:
        page.get_by_role("button").click()
    asked = context.request.get(f"{address}/console", headers={"Host": "evil.example"})

    assert posted.value is not None
    assert (posted.value.status, asked.status) == (403, 403)
    assert "The request's Origin is" in posted.value.text()
    assert "The request's Host is" in asked.text()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_width_and_scheme_can_be_read(browser: Browser, address: str, scheme: str) -> None:
    script = Path(__file__).with_name("contrast.js").read_text()
    low, widths = {}, []
    with browsing(browser, f"{address}/console", scheme=scheme) as opened:  # type: ignore[arg-type]
        page = opened.page
        start_link = page.get_by_role("link", name="Start an execution of sfn-dfn")
        execution = page.locator("tbody a").first.get_attribute("href")
        for path in ("/console", str(start_link.get_attribute("href")), str(execution)):
            page.goto(address + path)
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                widths.append(page.evaluate("document.documentElement.scrollWidth") - width)
            for text, contrast in page.evaluate(script):
                if contrast < MIN_CONTRAST:
                    low[text] = contrast

    assert low == {}
    assert set(widths) == {0}
