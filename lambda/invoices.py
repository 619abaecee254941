# SPDX-License-Identifier: MIT-0
"""The business functions of an invoice. Each may run again without another effect."""

from datetime import UTC, datetime
from typing import Any, TypedDict

from failure import InvalidInput


class Invoice(TypedDict):
    invoice_id: str
    order_id: str
    status: str
    issued_at: str


def parse_order_id(event: Any) -> str:
    """Read the order's id from the event, which is the output of the state before.

    Raises:
        InvalidInput: the event is not an object, or its order_id is not a text or is empty
    """
    if not isinstance(event, dict):
        raise InvalidInput.event(event)
    order_id = event.get("order_id")
    if not isinstance(order_id, str) or not order_id:
        raise InvalidInput.field(event, "order_id", "a text that is not empty")
    return order_id


def create_invoice(order_id: str) -> Invoice:
    return {
        # Of the order, not of the durable execution: a redrive starts another one.
        "invoice_id": f"invoice-{order_id}",
        "order_id": order_id,
        "status": "ISSUED",
        "issued_at": datetime.now(UTC).isoformat(),  # noqa: TID251 (the time of its step)
    }


def send_invoice(invoice: Invoice) -> Invoice:
    return {**invoice, "status": "SENT"}
