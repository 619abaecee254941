# SPDX-License-Identifier: MIT-0
"""Invoice a fulfilled order: short work whose result the state machine waits for.

invoice -> wait -> send
"""

from typing import Any

from aws_durable_execution_sdk_python import DurableContext, durable_execution
from aws_durable_execution_sdk_python.config import Duration
from aws_durable_execution_sdk_python.exceptions import StepError

import invoices
from business_step import business_step
from failure import Failure, InvalidInput

COOLING_OFF_PERIOD = Duration.from_seconds(10)


@durable_execution
def handler(event: Any, context: DurableContext) -> Any:
    """Invoice the order. An error that is raised here becomes the error of the task."""
    try:
        return _invoice(event, context)
    except (StepError, InvalidInput) as error:
        raise Failure.of(error).exception() from None


def _invoice(event: Any, context: DurableContext) -> Any:
    order_id = invoices.parse_order_id(event)

    invoice = business_step(context, "create_invoice", lambda: invoices.create_invoice(order_id))
    context.wait(COOLING_OFF_PERIOD, name="wait_for_cooling_off")
    return business_step(context, "send_invoice", lambda: invoices.send_invoice(invoice))
