# SPDX-License-Identifier: MIT-0
"""The page of an execution, in a browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ..support.opened_page import PHONE, opened
from ..support.stacks.examples import MARKUP
from ..support.stacks.histories import FULFILLED, INVOICED, SYNC_STATE, VISITS, operations
from .picture import PICTURE, take

Pages = dict[str, Path]
ENDINGS = {
    "success": "✓ succeeded",
    "failure": "✗ failed",
    "heartbeat": "✗ failed",
    "running": "▶ running",
    "jsonpath": "✓ succeeded",
}
JSON = r'{"n":12345678901234567890, "e":[{},[]],"t":"a\\\" {,","l":[1,null]}'
INDENTED = r"""{
  "n": 12345678901234567890,
  "e": [
    {},
    []
  ],
  "t": "a\\\" {,",
  "l": [
    1,
    null
  ]
}"""
# The contrast that WCAG 2.1 asks for at level AA.
MIN_CONTRAST = 4.5
# What the Tab key stops at between what has details: four links, a button, the axis's switch.
OTHER_STOPS = ("State machine", "Timeline", "Events", "Cost", "Copy ARN", "axis")


@pytest.mark.parametrize("name", ENDINGS)
def test_every_ending_is_told_in_a_word_and_an_icon(
    browser: Browser, pages: Pages, name: str
) -> None:
    with opened(browser, pages[name]) as page:
        assert page.text("#status") == ENDINGS[name]


def test_a_success_is_shown_on_both_sides(browser: Browser, pages: Pages) -> None:
    with opened(browser, pages["success"]) as page:
        names = page.page.locator("#rows .name").all_inner_texts()
        sides = page.page.locator("#rows h3").all_inner_texts()
        graph = page.page.locator("g.state").evaluate_all(
            "states => states.map(state => state.getAttribute('aria-label'))"
        )

    assert sides == ["Step Functions", "Durable executions"]
    assert names == [
        *(visit.name for visit in VISITS),
        "sfn-dfn-async-durable-fn:1",
        "2 invocations, 1 replay",
        *operations(FULFILLED),
        "sfn-dfn-sync-durable-fn:1",
        "2 invocations, 1 replay",
        *operations(INVOICED),
    ]
    assert [state for state in graph if not state.endswith("not reached")] == [
        f"{visit.name}: {visit.type} state, succeeded" for visit in VISITS
    ]


def test_a_failed_step_shows_every_attempt_and_its_error(browser: Browser, pages: Pages) -> None:
    with opened(browser, pages["failure"]) as page:
        attempts = page.page.locator("button.bar.failed[aria-label^='notify_customer: attempt']")
        assert attempts.count() == 6
        attempts.last.click()
        assert "orders.OutOfStock: no widgets left" in page.details()
        assert re.search(r"began\n+0:\d\d:.*\n+ended\n+0:\d\d:.*\n+took\n", page.details())
        unreached = page.page.locator(f"g.state.not_reached[data-state='{SYNC_STATE}']")
        assert unreached.count() == 1


def test_a_failure_says_where_why_and_what_next_at_its_top(browser: Browser, pages: Pages) -> None:
    with opened(browser, pages["failure"]) as page:
        shown = page.page.locator("#summaries dd").all_inner_texts()
        arn = page.text("#arn").removesuffix("copy").strip()
    with opened(browser, pages["success"]) as page:
        assert page.text("#summaries") == ""

    place = "the state Async Durable Lambda Fn Invoke, in sfn-dfn-async-durable-fn:1"
    aws = r"aws --region us-east-1 --endpoint-url http://127\.0\.0\.1:\d+"
    redrive = f"{aws} stepfunctions redrive-execution --execution-arn {re.escape(arn)}"
    assert shown[:2] == [
        f"{place}, in the step notify_customer",
        "OutOfStock: no widgets left",
    ]
    assert len(shown) == 3
    assert re.fullmatch(f"a redrive repeats what failed: {redrive}", shown[2])


def test_the_panel_covers_no_bar_at_1280_pixels(browser: Browser, pages: Pages) -> None:
    with opened(browser, pages["failure"]) as page:
        page.page.locator("button.bar").last.click()
        panel = page.page.locator("#details").bounding_box()
        bars = [bar.bounding_box() for bar in page.page.locator("button.bar").all()]
        labels = page.page.locator("#rows .name").evaluate_all(
            "all => all.filter(each => each.scrollWidth > each.clientWidth).map(e => e.innerText)"
        )

    assert panel
    assert [bar for bar in bars if bar and bar["x"] + bar["width"] > panel["x"]] == []
    assert labels in ([], ["Async Durable Lambda Fn Invoke"])


def test_details_are_indented_json_and_an_arn_that_can_be_copied(
    browser: Browser, pages: Pages
) -> None:
    with opened(browser, pages["failure"]) as page:
        page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.page.locator("#about").click()
        details = page.details()
        page.page.locator("#details .copy").click()
        page.page.locator("#details .copy", has_text="copied").wait_for()
        copied = page.page.evaluate("navigator.clipboard.readText()")
        made = page.page.evaluate("text => indented(text)", JSON)
        kept = page.page.evaluate("""[indented("[task token 1]"), indented("{no JSON}")]""")

    assert '{\n  "minutes_to_wait": 20\n}' in details
    assert copied == page_arn(details)
    assert made == INDENTED
    assert kept == ["[task token 1]", "{no JSON}"]


def page_arn(details: str) -> str:
    [arn] = re.findall(r"arn:aws:states:\S+", details)
    return str(arn)


def test_what_handlers_log_is_among_the_events_with_its_stack_trace(
    browser: Browser, pages: Pages
) -> None:
    with opened(browser, pages["failure"]) as page:
        page.page.locator("#filter").fill("log ERROR")
        rows = page.page.locator("#event-rows tr.failed")
        assert rows.count() == 7
        rows.first.get_by_role("button").click()
        assert 'raise OutOfStock("no widgets left")' in page.details()


def test_the_axis_says_what_it_folds(browser: Browser, pages: Pages) -> None:
    with opened(browser, pages["success"]) as page:
        folded = page.text("#folding")
        page.page.get_by_label("to scale").check()
        scaled = page.text("#folding")

    assert re.fullmatch(
        r"≈ shortens 2 waits, 20 min \d+ s of 20 min \d+ s\. The rest of the axis is to scale\.",
        folded,
    )
    assert scaled == "Every wait is to scale."


def test_a_heartbeat_that_ran_out_is_timed_out(browser: Browser, pages: Pages) -> None:
    with opened(browser, pages["heartbeat"]) as page:
        page.page.locator("g.state.timed_out").click()

        assert "◷ timed out" in page.details()
        assert "States.Timeout" in page.details()


def test_what_still_runs_reaches_the_edge_that_is_now(browser: Browser, pages: Pages) -> None:
    with opened(browser, pages["running"]) as page:
        track = page.page.locator(".axis .track").bounding_box()
        bar = page.page.locator("button.bar.running").first.bounding_box()
        assert track
        assert bar
        assert page.text(".mark.now") == "now"
        assert bar["x"] + bar["width"] == pytest.approx(track["x"] + track["width"], abs=3)


def test_waits_are_folded_or_to_scale(browser: Browser, pages: Pages) -> None:
    def part_of_the_axis() -> float:
        wait = page.page.locator("button.bar[aria-label^='wait_for_fulfilment']").bounding_box()
        track = page.page.locator(".axis .track").bounding_box()
        assert wait
        assert track
        return wait["width"] / track["width"]

    with opened(browser, pages["success"]) as page:
        assert "≈ 20 min" in page.text(".axis")
        assert page.page.locator(".track .zigzag").count() > 0
        assert part_of_the_axis() < 0.4
        page.page.get_by_label("to scale").check()
        assert "5 min" in page.text(".axis")
        assert page.page.locator(".track .zigzag").count() == 0
        assert part_of_the_axis() == pytest.approx(1200 / 1211, abs=0.01)


def test_the_keyboard_reaches_every_detail(browser: Browser, pages: Pages) -> None:
    with opened(browser, pages["failure"]) as page:
        wanted = page.page.locator("#about, g.state, #rows button").evaluate_all(
            "all => all.map(each => each.getAttribute('aria-label') || each.innerText)"
        )
        reached: list[str] = []
        for _ in range(len(wanted) + len(OTHER_STOPS)):
            page.page.keyboard.press("Tab")
            name = page.focused()
            if name not in wanted:
                continue
            page.page.keyboard.press("Enter" if len(reached) % 2 else "Space")
            assert page.details().strip(), name
            page.page.keyboard.press("Escape")
            assert (page.details(), page.focused()) == ("", name)
            reached.append(name)

    assert reached == wanted


def test_arrow_keys_move_between_bars_and_rows(browser: Browser, pages: Pages) -> None:
    with opened(browser, pages["failure"]) as page:
        page.page.locator("#rows button.label").first.focus()
        names = []
        for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowLeft", "ArrowUp"):
            page.page.keyboard.press(key)
            names.append(page.focused().split(", began")[0])

    assert names == [
        "Async Durable Lambda Fn Invoke: attempt 1, failed",
        "sfn-dfn-async-durable-fn:1: durable execution, failed",
        "7 invocations, 6 replays: invocation 1, succeeded",
        "7 invocations, 6 replays: invocation 2, a replay, succeeded",
        "7 invocations, 6 replays: invocation 1, succeeded",
        "sfn-dfn-async-durable-fn:1: durable execution, failed",
    ]


@pytest.mark.parametrize("name", ["success", "jsonpath"])
def test_markup_in_a_payload_stays_text(browser: Browser, pages: Pages, name: str) -> None:
    with opened(browser, pages[name]) as page:
        title = page.page.title()
        page.page.locator("#about").click()
        assert MARKUP.replace("'", "\\'") in page.details() or MARKUP in page.details()
        page.page.locator("#filter").fill("taken over")
        assert MARKUP in page.text("#event-rows tr:first-child")
        assert page.page.title() == title
        assert page.page.locator("script").count() == 2


def test_the_policy_stops_a_script_that_would_get_in(browser: Browser, pages: Pages) -> None:
    with opened(browser, pages["success"]) as page:
        page.page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'),"
            " {textContent: \"document.title = 'taken over'\"}))"
        )
        assert page.page.title() == "sfn-dfn-integration-pattern-cdk succeeded"
        [refusal] = page.complaints
        assert "Content Security Policy" in refusal
        page.complaints.clear()


def test_events_are_found_by_what_they_say(browser: Browser, pages: Pages) -> None:
    with opened(browser, pages["failure"]) as page:
        page.page.locator("#filter").fill("StepFailed")

        assert page.page.locator("#event-rows tr").count() == 6
        assert re.fullmatch(r"6 of \d+ events", page.text("#found"))


def test_a_long_event_is_read_whole_by_keyboard(browser: Browser, pages: Pages) -> None:
    with opened(browser, pages["success"]) as page:
        row = page.page.locator("#event-rows tr", has_text="TaskSubmitted")
        more = row.get_by_role("button")
        cut = row.locator("td").last.inner_text().removesuffix(more.inner_text()).strip()
        more.focus()
        page.page.keyboard.press("Enter")
        told = page.page.locator("#details dd").last.inner_text()
        page.page.keyboard.press("Escape")

        assert page.focused().startswith("Details of TaskSubmitted at 0:00:00.")
    assert told.startswith(cut)
    assert len(cut) <= 160 < len(told)
    assert "X-Amz-Durable-Execution-Arn" in told


@pytest.mark.parametrize("name", ["failure", "jsonpath"])
def test_a_phone_shows_it_without_scrolling_sideways(
    browser: Browser, pages: Pages, name: str
) -> None:
    with opened(browser, pages[name], size=PHONE) as page:
        assert page.page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
        page.page.locator("#rows button.bar").first.click()
        panel = page.page.locator("#details").bounding_box()
        assert panel
        assert (panel["x"], panel["width"]) == (0, PHONE[0])
        # A number on two lines is another number.
        lines = page.page.locator("#cost-rows td:not(:first-child)").evaluate_all(
            "cells => cells.map(cell => { const all = document.createRange();"
            "all.selectNodeContents(cell); return all.getClientRects().length; })"
        )
        assert max(lines) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(browser: Browser, pages: Pages, scheme: str) -> None:
    script = Path(__file__).with_name("contrast.js").read_text()
    low = {}
    for name in ("success", "failure", "running"):
        with opened(browser, pages[name], scheme=scheme) as page:  # type: ignore[arg-type]
            page.page.locator("#about").click()
            for text, contrast in page.page.evaluate(script):
                if contrast < MIN_CONTRAST:
                    low[text] = contrast

    assert low == {}


def test_the_picture_in_the_docs_is_one_of_a_page(
    browser: Browser, pages: dict[str, Path], tmp_path: Path
) -> None:
    take(browser, pages["failure"], tmp_path / "execution.png")
    taken, shown = (path.read_bytes() for path in (tmp_path / "execution.png", PICTURE))

    # Both are PNG files, whose header has their width and height.
    assert taken[:24] == shown[:24]
    assert taken[16:24] == bytes.fromhex("000004b0 00000348")
