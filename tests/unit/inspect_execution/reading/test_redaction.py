# SPDX-License-Identifier: MIT-0
"""No task token gets past the reading."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from inspect_execution.histories.recording import WITHHELD
from inspect_execution.reading.redaction import Redaction

from ....support.work import calls
from ..events import TOKEN, scheduled, told

CALLBACK = "invoke.waitForTaskToken"
LOCAL_TOKEN = "37a9cf2e-22f8-487f-80f6-3cce0e8e2918"


def redaction(payload: Any, definition: Any = None) -> Redaction:
    events = told(scheduled(payload, CALLBACK))
    return Redaction.of(events, json.dumps(definition or {}))


@pytest.mark.parametrize("key", ["TaskToken", "taskToken", "task_token", "token"])
@pytest.mark.parametrize("token", [TOKEN, LOCAL_TOKEN, TOKEN[:-1] + "=="])
def test_a_token_under_its_name_is_taken_out_everywhere(key: str, token: str) -> None:
    events = told(scheduled({"deep": [{key: token}]}, CALLBACK))
    clean = Redaction.of(events, "").apply([events, f"before {token}, after", {token: 1}])

    assert token.rstrip("=") not in json.dumps(clean, default=str)
    assert clean[1] in ("before [task token 1], after", "before [task token 1]==, after")


@pytest.mark.parametrize(
    ("key", "value"),
    [("callback.$", "$$.Task.Token"), ("callback", "{% $states.context.Task.Token %}")],
)
def test_a_token_is_found_where_the_definition_puts_it(key: str, value: str) -> None:
    root = "Arguments" if "{%" in value else "Parameters"
    definition = {"States": {"S": {root: {"Payload": {key: value, "plain": "x"}}}}}
    known = redaction({"callback": LOCAL_TOKEN, "plain": "order-1-order-1-order-1"}, definition)

    assert known.apply(LOCAL_TOKEN) == "[task token 1]"
    assert known.apply("order-1-order-1-order-1") == "order-1-order-1-order-1"


def test_without_a_sign_of_where_it_is_all_that_could_be_it_is_taken_out() -> None:
    known = redaction({"url": f"https://example.com/?t={LOCAL_TOKEN}", "note": "an order"})

    assert LOCAL_TOKEN not in known.apply(f"see {LOCAL_TOKEN}")
    assert known.apply("an order") == "an order"


def test_a_functions_name_is_none_of_what_could_be_a_token() -> None:
    name = "arn:aws:lambda:us-east-1:123456789012:function:Stack-AsyncDurableFunctionOfALongName:1"
    events = told(scheduled({"TaskToken": LOCAL_TOKEN}, CALLBACK))
    details = events[0]["taskScheduledEventDetails"]
    details["parameters"] = json.dumps({"FunctionName": name, "Payload": {"t": LOCAL_TOKEN}})
    clean = Redaction.of(events, "").apply(details["parameters"])

    assert name in clean
    assert LOCAL_TOKEN not in clean


@pytest.mark.parametrize(
    "text",
    [
        f"https://example.com/?token={quote(TOKEN, safe='')}&more=1",
        json.dumps({"nested": json.dumps({"t": TOKEN})}),
        f"/{TOKEN}/",
        TOKEN.replace("/", "\\/"),
        json.dumps({"nested": TOKEN.replace("/", "\\/")}),
        TOKEN.replace("+", "\\u002B"),
        json.dumps({"nested": TOKEN.replace("+", "\\u002b")}),
        f"{TOKEN}{TOKEN}",
    ],
)
def test_a_token_is_taken_out_of_any_text(text: str) -> None:
    clean = redaction({"TaskToken": TOKEN}).apply(text)

    assert "[task token 1]" in clean
    assert TOKEN[:40] not in clean
    assert quote(TOKEN, safe="")[:40] not in clean


def test_two_tokens_in_a_row_are_both_taken_out() -> None:
    assert (
        redaction({"TaskToken": LOCAL_TOKEN}).apply(LOCAL_TOKEN * 2)
        == "[task token 1][task token 1]"
    )


def test_the_start_of_a_token_is_taken_out_of_a_text_that_was_cut() -> None:
    known = redaction({"TaskToken": LOCAL_TOKEN})
    cut = {"Payload": f'{{"TaskToken": "{LOCAL_TOKEN[:20]}', "Truncated": True}
    details = {"input": LOCAL_TOKEN[:9], "inputDetails": {"truncated": True}}

    assert known.apply(cut)["Payload"] == f'{{"TaskToken": "{WITHHELD}'
    assert known.apply(details)["input"] == WITHHELD
    assert known.apply({"input": LOCAL_TOKEN[:9]})["input"] == LOCAL_TOKEN[:9]


def test_what_looks_like_a_token_of_step_functions_is_withheld_wherever_it_is() -> None:
    assert Redaction.of([], "").apply(f"unknown: {TOKEN}.") == f"unknown: {WITHHELD}."


def test_another_executions_token_is_taken_out_of_its_input() -> None:
    known = redaction({"TaskToken": TOKEN}).also(json.dumps({"TaskToken": LOCAL_TOKEN}))

    assert known.apply(LOCAL_TOKEN) == "[task token 2]"
    assert known.apply(TOKEN) == "[task token 1]"


def test_another_executions_token_is_taken_out_in_every_form() -> None:
    token = "another-service+s/own/token"
    known = redaction({"TaskToken": TOKEN}).also({"TaskToken": token})

    for text in (token, token.replace("/", "\\/"), quote(token, safe="")):
        assert known.apply(text) == "[task token 2]"


def test_long_payloads_are_looked_through_once_however_many_tokens_there_are() -> None:
    tokens = [TOKEN + "x" * (number % 60) + str(number) for number in range(1_000)]
    payload = "QUJD" * 250_000
    one, many = Redaction.knowing(tokens[:1]), Redaction.knowing(tokens)

    assert many.apply(f"{payload}/{tokens[7]}/") == f"{payload}/[task token 8]/"
    assert calls(lambda: many.apply(payload)) == calls(lambda: one.apply(payload))


def test_a_name_elsewhere_does_not_hide_the_token_that_stands_in_an_expression() -> None:
    definition = {
        "States": {"S": {"Arguments": {"Payload": "{% $f($states.context.Task.Token) %}"}}}
    }
    known = redaction({"token": "a-shop-s-own-token-1", "cb": LOCAL_TOKEN}, definition)

    assert known.apply(f"{LOCAL_TOKEN} a-shop-s-own-token-1") == f"{WITHHELD} [task token 1]"


def test_each_of_many_tokens_keeps_a_number_of_its_own() -> None:
    tokens = [f"{LOCAL_TOKEN[:-6]}{number:06}" for number in range(5_000)]
    known = Redaction.knowing(tokens)

    assert [known.apply(token) for token in tokens[:3]] == [
        "[task token 1]",
        "[task token 2]",
        "[task token 3]",
    ]
    assert known.apply(f"a {tokens[4_999]} b") == "a [task token 5000] b"


def test_what_is_no_token_stays_as_it_is() -> None:
    value = {"n": 1, "none": None, "list": ["short", "x" * 500], "when": 1.5}

    assert redaction({"TaskToken": TOKEN}).apply(value) == value
