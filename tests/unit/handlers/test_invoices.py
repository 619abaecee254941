# SPDX-License-Identifier: MIT-0
"""The business steps of an invoice, and what may ask for one."""

import pytest

import invoices
from failure import InvalidInput


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ({}, "order_id must be a text that is not empty, got nothing"),
        ({"order_id": ""}, 'order_id must be a text that is not empty, got ""'),
        ({"order_id": 7}, "order_id must be a text that is not empty, got 7"),
        ([], "event must be a JSON object, got list"),
    ],
)
def test_an_event_without_an_order_is_refused(event: object, message: str) -> None:
    with pytest.raises(InvalidInput, match=f"^{message}$"):
        invoices.parse_order_id(event)


def test_an_invoice_made_again_is_the_same_invoice() -> None:
    first, again = (invoices.create_invoice("order-1") for _ in range(2))

    assert first["invoice_id"] == again["invoice_id"] == "invoice-order-1"
    assert first["order_id"] == "order-1"


def test_a_sent_invoice_is_the_same_but_for_its_status() -> None:
    invoice = invoices.create_invoice("order-1")

    assert invoices.send_invoice(invoice) == {**invoice, "status": "SENT"}
