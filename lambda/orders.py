# SPDX-License-Identifier: MIT-0
"""The business functions of an order. Each may run again without another effect."""

import re
from datetime import UTC, datetime
from typing import Any, TypedDict

from failure import InvalidInput

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Order(TypedDict):
    order_id: str
    created_at: str


class Notification(TypedDict):
    order_id: str
    text: str


class FulfilledOrder(TypedDict):
    order_id: str
    status: str
    created_at: str
    notification: str


def parse_wait_seconds(event: Any, execution_timeout_seconds: int) -> int:
    """Read the wait from the event and convert it to whole seconds, at least one.

    A wait just below the execution timeout is valid, but leaves the steps no time: the durable
    execution then times out.

    Raises:
        InvalidInput: minutes_to_wait is not a JSON number, more than 0 and less than the
            execution timeout
    """
    if not isinstance(event, dict):
        raise InvalidInput.event(event)
    minutes = event.get("minutes_to_wait")
    limit = execution_timeout_seconds / 60
    # To Python, true is a number; to JSON it is not.
    is_number = isinstance(minutes, int | float) and not isinstance(minutes, bool)
    if minutes is None or not is_number or not 0 < minutes < limit:
        rule = f"a number more than 0 and less than {limit:g}"
        raise InvalidInput.field(event, "minutes_to_wait", rule)
    # Rounding must not carry an allowed value up to the timeout itself.
    seconds: int = min(max(1, round(minutes * 60)), execution_timeout_seconds - 1)
    return seconds


def parse_order_key(event: dict[str, Any]) -> str | None:
    """Read the key of the order, which two durable executions of one task share, if there is one.

    Raises:
        InvalidInput: the order_key is not a text of 1 to 64 letters, digits, hyphens and
            underscores
    """
    key = event.get("order_key")
    if key is None or (isinstance(key, str) and _KEY.fullmatch(key)):
        return key
    rule = "a text of 1 to 64 letters, digits, hyphens and underscores"
    raise InvalidInput.field(event, "order_key", rule)


def create_order(order_key: str) -> Order:
    return {
        "order_id": f"order-{order_key}",
        "created_at": datetime.now(UTC).isoformat(),  # noqa: TID251 (the time of its step)
    }


def notify_customer(order: Order) -> Notification:
    return {"order_id": order["order_id"], "text": f"{order['order_id']} is on its way"}


def fulfilled(order: Order, notification: Notification) -> FulfilledOrder:
    return {
        "order_id": order["order_id"],
        "status": "FULFILLED",
        "created_at": order["created_at"],
        "notification": notification["text"],
    }
