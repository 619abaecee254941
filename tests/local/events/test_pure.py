# SPDX-License-Identifier: MIT-0
"""Inputs, reports of failed messages, attempts and deliveries: decided without an endpoint."""

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from local.events.delivery_queue import Delivery, DeliveryQueue, RetryPolicy, Undelivered
from local.events.inputs import fill, is_path, value_at
from local.events.subscriptions import topic_pause_seconds
from local.events.targets import Message
from local.functions.function import EventInvokeConfig
from local.lambda_.asynchronous import attempts
from local.lambda_.event_sources.records import failed_ids

from ...support.stacks.scenario import wait_until

EVENT = {"detail": {"instance-id": "i-1", "tags": [{"k": 1}, {"k": 2}]}, "resources": ["arn"]}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$", EVENT),
        ("$.detail.instance-id", "i-1"),
        ("$.resources[0]", "arn"),
        ("$.resources[1]", None),
        ("$.detail.tags[*].k", [1, 2]),
        ("$.detail.none", None),
    ],
)
def test_a_path_finds_its_value(path: str, value: Any) -> None:
    assert is_path(path)
    assert value_at(path, EVENT) == value


# The examples of
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ('"instance <instance> is in <state>"', '"instance i-1 is in RUNNING"'),
        ('"instance \\"<instance>\\" is up"', '"instance \\"i-1\\" is up"'),
        ('{"instance": <instance>, "state": "<state>"}', '{"instance": "i-1", "state": "RUNNING"}'),
        ('{"s": [9, <state>, true], "t": "Yes"}', '{"s": [9, "RUNNING", true], "t": "Yes"}'),
        ('{"o": <object>, "s": "<object>"}', '{"o": {"a":1}, "s": "{\\"a\\":1}"}'),
        ('{"n": <nothing>, "s": "<nothing>"}', '{"n": null, "s": ""}'),
        ("plain <instance>", "plain i-1"),
    ],
)
def test_a_template_is_filled_as_documented(template: str, filled: str) -> None:
    values = {"instance": "i-1", "state": "RUNNING", "object": {"a": 1}, "nothing": None}

    assert fill(template, values) == filled


# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
@pytest.mark.parametrize(
    ("response", "failed"),
    [
        ('{"batchItemFailures": []}', set()),
        ('{"batchItemFailures": null}', set()),
        ("{}", set()),
        ("null", set()),
        ('{"batchItemFailures": [{"itemIdentifier": "a"}]}', {"a"}),
        ('{"batchItemFailures": [{"itemIdentifier": ""}]}', {"a", "b"}),
        ('{"batchItemFailures": [{"itemIdentifier": null}]}', {"a", "b"}),
        ('{"batchItemFailures": [{"key": "a"}]}', {"a", "b"}),
        ('{"batchItemFailures": [{"itemIdentifier": "other"}]}', {"a", "b"}),
        ('"text"', {"a", "b"}),
    ],
)
def test_a_response_names_the_failed_messages_or_all_have_failed(
    response: str, failed: set[str]
) -> None:
    assert failed_ids(response, ["a", "b"]) == failed


@pytest.mark.parametrize(
    ("config", "made"),
    [
        (EventInvokeConfig(), [(0, "RetriesExhausted"), (60, "RetriesExhausted")]),
        (EventInvokeConfig(maximum_retry_attempts=0), [(0, "RetriesExhausted")]),
        (
            EventInvokeConfig(maximum_event_age_seconds=100),
            [(0, "RetriesExhausted"), (60, "EventAgeExceeded")],
        ),
    ],
)
def test_an_event_is_tried_as_often_as_configured(
    config: EventInvokeConfig, made: list[tuple[int, str]]
) -> None:
    found = attempts(config, (60, 120))

    assert found[: len(made)] == made
    assert len(found) == (3 if config == EventInvokeConfig() else len(made))


def test_a_topic_retries_at_once_then_each_second_then_ever_later() -> None:
    pauses = [topic_pause_seconds(retries) for retries in range(11)]

    assert pauses == [0, 0, 0, 1, 1, 1, 2, 4, 8, 16, 20]


def test_a_delivery_ends_when_the_event_is_too_old() -> None:
    ended: list[Undelivered] = []

    def dead_letter(undelivered: Undelivered) -> Message:
        ended.append(undelivered)
        return Message("arn:aws:none:::letter", "key", "{}")

    message = Message("arn:aws:sqs:us-east-1:1:queue", "key", "{}")
    policy = RetryPolicy(10, 7, lambda retries: 2.0**retries)
    lane = DeliveryQueue(lambda *_: _Unreachable(), is_skipping=True)
    lane.submit(Delivery("rule", message, policy, dead_letter))
    wait_until(lambda: bool(ended), "the end of the retries")
    lane.close()

    # One, two and four seconds are seven; eight more would be too many.
    assert (ended[0].retries, ended[0].exhausted) == (3, "MaximumEventAgeInSeconds")


def test_what_was_not_delivered_at_the_end_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    message = Message("arn:aws:sqs:us-east-1:1:queue", "key", "secret")
    lane = DeliveryQueue(lambda *_: _Unreachable(), is_skipping=False)
    lane.submit(Delivery("rule", message, RetryPolicy(9, 999, lambda _: 60)), pause_seconds=60)
    lane.close()
    lane.submit(Delivery("late", message))

    assert caplog.messages == [
        f"{sender}: an event was not delivered to {message.target_arn}: the endpoint has ended"
        for sender in ("rule", "late")
    ]


class _Unreachable:
    """A client of a service that nothing answers for."""

    class meta:  # noqa: N801
        endpoint_url = "here"

    def send_message(self, **_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="here")
