# SPDX-License-Identifier: MIT-0
"""The permissions that calls of DynamoDB need: tables, indexes, batches and transactions.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...iam.conditions import Context
from ..call import CallParameters
from .resources import arn_of, partition_key

# The action of each member of a transaction.
_TRANSACTION = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}
_EQUALS = re.compile(r"(#?[\w.-]+)\s*=\s*(:\w+)")


def dynamodb_permissions(
    operation: str, parameters: CallParameters
) -> Iterator[tuple[str, str, Context]]:
    """Action, table or index, and dynamodb:LeadingKeys, for each table that a call names."""
    if operation in ("TransactGetItems", "TransactWriteItems"):
        for member in parameters.get("TransactItems", []):
            for kind, item in member.items():
                table = str(item.get("TableName"))
                yield f"dynamodb:{_TRANSACTION[kind]}", _table(table), _leading(table, [item])
    elif operation in ("BatchGetItem", "BatchWriteItem"):
        for table, requests in parameters.get("RequestItems", {}).items():
            yield f"dynamodb:{operation}", _table(table), _leading(table, _members(requests))
    else:
        named = parameters.get("TableName") or parameters.get("TableArn")
        other = parameters.get("ResourceArn") or parameters.get("StreamArn") or "*"
        table = str(named) if named else ""
        resource = _table(table) if table else str(other)
        if "IndexName" in parameters:
            resource += f"/index/{parameters['IndexName']}"
        yield f"dynamodb:{operation}", resource, _leading(table, [parameters])


def _table(name: str) -> str:
    return name if name.startswith("arn:") else arn_of("dynamodb", f"table/{name}")


def _members(requests: Any) -> list[CallParameters]:
    """The items and keys of a table's part of a batch."""
    if isinstance(requests, Mapping):
        return [{"Key": key} for key in requests.get("Keys", [])]
    return [member for request in requests for member in request.values()]


def _leading(table: str, members: Iterable[CallParameters]) -> Context:
    """The values of the partition key that a call asks for.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
    """
    name = partition_key(table) if table else None
    found = [value for member in members if name for value in _values(name, member)]
    return {"dynamodb:leadingkeys": tuple(found)} if found else {}


def _values(name: str, member: CallParameters) -> Iterator[str]:
    for part in ("Key", "Item"):
        if name in member.get(part, {}):
            yield str(next(iter(member[part][name].values())))
    names = member.get("ExpressionAttributeNames", {})
    for attribute, value in _EQUALS.findall(member.get("KeyConditionExpression", "")):
        if names.get(attribute, attribute) == name:
            yield str(next(iter(member["ExpressionAttributeValues"][value].values())))
