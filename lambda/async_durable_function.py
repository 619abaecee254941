# SPDX-License-Identifier: MIT-0
"""Fulfil an order: long work that ends with a callback to the state machine.

order -> wait -> still wanted? -> notify -> call back
"""

import os
from typing import Any

from aws_durable_execution_sdk_python import DurableContext, durable_execution
from aws_durable_execution_sdk_python.config import Duration
from aws_durable_execution_sdk_python.exceptions import StepError

import orders
from business_step import business_step
from failure import Failure, InvalidInput
from task_callback import TaskCallback


@durable_execution
def handler(event: Any, context: DurableContext) -> Any:
    """Fulfil the order and report the result, or the failure, to the state machine.

    An event without a TaskToken, as from the Lambda console, gets the same work and no callback.
    """
    task = TaskCallback(context, token=None)
    try:
        task = TaskCallback.of(event, context)
        return _fulfil(event, context, task)
    except (StepError, InvalidInput) as error:
        failure = Failure.of(error)
        task.fail(failure)
        raise failure.exception() from None


def _fulfil(event: Any, context: DurableContext, task: TaskCallback) -> Any:
    execution_timeout = int(os.environ["EXECUTION_TIMEOUT_SECONDS"])
    wait = Duration.from_seconds(orders.parse_wait_seconds(event, execution_timeout))
    execution_id = context.execution_context.durable_execution_arn.rsplit("/", 1)[-1]
    order_key = orders.parse_order_key(event) or execution_id

    order = business_step(context, "create_order", lambda: orders.create_order(order_key))
    context.wait(wait, name="wait_for_fulfilment")
    if not task.is_open():
        context.logger.warning("The task is closed: the order is abandoned")
        return {"order_id": order["order_id"], "status": "ABANDONED"}
    notification = business_step(context, "notify_customer", lambda: orders.notify_customer(order))
    result = orders.fulfilled(order, notification)
    task.succeed(result)
    return result
