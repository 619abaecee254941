# SPDX-License-Identifier: MIT-0
"""Rules of EventBridge: which events match, and the deliveries to their targets."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ..errors import THROTTLING
from ..iam.principals import access_key, service_key
from .delivery_queue import Delivery, RetryPolicy, Undelivered
from .inputs import compact, target_input
from .targets import Message

PRINCIPAL = "events.amazonaws.com"
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
MAXIMUM_RETRY_ATTEMPTS = 185
MAXIMUM_EVENT_AGE_SECONDS = 86_400
# AWS documents an exponential backoff, and no figures.
LONGEST_PAUSE_SECONDS = 600
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
_ERROR_CODES = (
    ("AccessDenied", "NO_PERMISSIONS"),
    ("AuthorizationError", "NO_PERMISSIONS"),
    ("NotFound", "NO_RESOURCE"),
    ("DoesNotExist", "NO_RESOURCE"),
    ("NonExistent", "NO_RESOURCE"),
    *((part, "THROTTLING") for part in THROTTLING),
    ("Connection", "CONNECTION_FAILURE"),
    ("Timeout", "TIMEOUT"),
    ("Invalid", "INVALID_PARAMETER"),
)

BusEvent = Mapping[str, Any]


def rule_deliveries(rule: Any, sent: BusEvent) -> Iterator[Delivery]:
    """The deliveries of an event to the targets of a rule of moto's; none if it does not match."""
    pattern = rule.event_pattern
    event = _normalized(sent)
    # A rule with a schedule alone has no pattern, and moto takes none for every event's.
    if rule.state != "ENABLED" or not pattern.get_pattern() or not pattern.matches_event(event):
        return
    for target in rule.targets:
        yield _delivery(rule.arn, target, event, _iso(sent.get("ingestion-time")))


def _delivery(
    rule_arn: str, target: Mapping[str, Any], event: BusEvent, ingestion_time: str
) -> Delivery:
    key = service_key(PRINCIPAL, rule_arn)
    role, arn = target.get("RoleArn"), target["Arn"]
    group = target.get("SqsParameters", {}).get("MessageGroupId")
    message = Message(
        arn,
        access_key(role) if role else key,
        # A bus takes the event as it is.
        compact(event)
        if arn.split(":")[2:3] == ["events"]
        else target_input(target, event, rule_arn, ingestion_time),
        options={"MessageGroupId": group} if group else {},
    )
    retry = target.get("RetryPolicy") or {}
    policy = RetryPolicy(
        int(retry.get("MaximumRetryAttempts", MAXIMUM_RETRY_ATTEMPTS)),
        float(retry.get("MaximumEventAgeInSeconds", MAXIMUM_EVENT_AGE_SECONDS)),
        rule_pause_seconds,
    )
    queue = (target.get("DeadLetterConfig") or {}).get("Arn")

    def dead_letter(undelivered: Undelivered) -> Message:
        attributes = _dead_letter_attributes(rule_arn, arn, undelivered)
        return Message(str(queue), key, compact(event), attributes)

    return Delivery(rule_arn, message, policy, dead_letter if queue else None)


def rule_pause_seconds(retries: int) -> float:
    """The pause before a retry, by the number of retries before it."""
    return min(2.0 ** min(retries, 10), LONGEST_PAUSE_SECONDS)


def _dead_letter_attributes(
    rule_arn: str, target_arn: str, undelivered: Undelivered
) -> dict[str, Any]:
    failure = undelivered.failure
    code = next((code for part, code in _ERROR_CODES if part in failure.code), "ERROR_FROM_TARGET")
    values = {
        "RULE_ARN": rule_arn,
        "TARGET_ARN": target_arn,
        "ERROR_CODE": code,
        "ERROR_MESSAGE": failure.message,
    }
    if undelivered.exhausted:
        values["EXHAUSTED_RETRY_CONDITION"] = undelivered.exhausted
    attributes = {
        name: {"DataType": "String", "StringValue": value} for name, value in values.items()
    }
    retries = {"DataType": "Number", "StringValue": str(undelivered.retries)}
    return {**attributes, "RETRY_ATTEMPTS": retries}


def _normalized(sent: BusEvent) -> BusEvent:
    """The event as targets get it: moto has times in seconds, and one field more."""
    event = {key: value for key, value in sent.items() if key != "ingestion-time"}
    return {**event, "time": _iso(event.get("time"))}


def _iso(moment: Any) -> str:
    if isinstance(moment, str):
        return moment
    found = datetime.fromtimestamp(float(moment), UTC) if moment else datetime.now(UTC)
    return found.strftime("%Y-%m-%dT%H:%M:%SZ")
