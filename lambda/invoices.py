# SPDX-License-Identifier: MIT-0
"""The business steps of an invoice. Plain functions: they may run again and change nothing."""

from datetime import UTC, datetime
from typing import Any, TypedDict

from failure import InvalidInput


class Invoice(TypedDict):
    invoice_id: str
    order_id: str
    status: str
    issued_at: str


def order_to_invoice(event: Any) -> str:
    """The id of the order that the event, the output of the state before, is about.

    Raises:
        InvalidInput: there is no order_id
    """
    if not isinstance(event, dict):
        raise InvalidInput.event(event)
    order_id = event.get("order_id")
    if not isinstance(order_id, str) or not order_id:
        raise InvalidInput.field(event, "order_id", "a text that is not empty")
    return order_id


def create_invoice(order_id: str, execution_id: str) -> Invoice:
    return {
        "invoice_id": f"invoice-{execution_id}",
        "order_id": order_id,
        "status": "ISSUED",
        "issued_at": datetime.now(UTC).isoformat(),  # noqa: TID251 (the time of its step)
    }


def send_invoice(invoice: Invoice) -> Invoice:
    return {**invoice, "status": "SENT"}
