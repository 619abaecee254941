# SPDX-License-Identifier: MIT-0
"""Charge a customer, once for each order."""

import os
from typing import Any

import boto3


class CardReaderBusy(Exception):
    """The first attempt of every charge."""


class PaymentDeclined(Exception):
    """The bank does not pay."""


def handler(event: Any, context: Any) -> Any:
    if event["attempt"] == 0:
        raise CardReaderBusy("try again")
    if event["total"] > 1000:
        raise PaymentDeclined(f"{event['total']} is over the limit")
    boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["BANK_SECRET"])
    boto3.client("dynamodb").put_item(
        TableName=os.environ["ORDERS_TABLE"],
        Item={"order_id": {"S": event["order_id"]}, "total": {"N": str(event["total"])}},
        ConditionExpression="attribute_not_exists(order_id)",
    )
    return {"charged": event["total"], "version": context.function_version}
