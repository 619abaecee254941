# SPDX-License-Identifier: MIT-0
"""The Condition element of a policy: operators, set operators, and the keys that are known here.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from .wildcard import ORDINARY, matches_wildcard

# The values of condition keys for one request, by the key in lower case. Keys have no case.
Context = Mapping[str, tuple[str, ...]]
Compare = Callable[[str, str], bool]

# Keys that have a value here, or that a direct call of a role has no value for on AWS either.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
_KEYS = (
    "aws:calledvia aws:calledviafirst aws:calledvialast aws:currenttime aws:epochtime "
    "aws:principalaccount aws:principalarn aws:principalisawsservice aws:principaltype "
    "aws:requestedregion aws:resourceaccount aws:securetransport aws:sourceaccount aws:sourcearn "
    "aws:sourceip aws:sourceowner aws:username aws:viaawsservice "
    "dynamodb:leadingkeys events:detail-type events:source iam:passedtoservice "
    "kms:calleraccount kms:grantisforawsresource kms:viaservice lambda:functionurlauthtype "
    "s3:delimiter s3:max-keys s3:prefix s3:x-amz-acl s3:x-amz-server-side-encryption "
    "sns:endpoint sns:protocol"
)
KNOWN_KEYS = frozenset(_KEYS.split())
# Of each pair of an encryption context the name is a part of the key.
ENCRYPTION_CONTEXT = "kms:encryptioncontext:"


def _number(compare: Callable[[float, float], bool]) -> Compare:
    return lambda value, wanted: compare(float(value), float(wanted))


def _date(compare: Callable[[datetime, datetime], bool]) -> Compare:
    return lambda value, wanted: compare(_moment(value), _moment(wanted))


def _moment(text: str) -> datetime:
    """A date in ISO 8601, or in seconds since 1970."""
    if text.replace(".", "", 1).isdigit() and len(text) > len("2026"):
        return datetime.fromtimestamp(float(text), UTC)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _address(value: str, wanted: str) -> bool:
    return ipaddress.ip_address(value) in ipaddress.ip_network(wanted, strict=False)


def _arn(value: str, wanted: str) -> bool:
    """Each of the six parts that colons separate is compared on its own."""
    parts, patterns = value.split(":", 5), wanted.split(":", 5)
    pairs = zip(patterns, parts, strict=False)
    return len(parts) == len(patterns) and all(matches_wildcard(*pair) for pair in pairs)


_COMPARE: dict[str, Compare] = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringEqualsIgnoreCase": lambda value, wanted: value.casefold() == wanted.casefold(),
    "StringLike": lambda value, wanted: matches_wildcard(wanted, value),
    "NumericEquals": _number(lambda value, wanted: value == wanted),
    "NumericLessThan": _number(lambda value, wanted: value < wanted),
    "NumericLessThanEquals": _number(lambda value, wanted: value <= wanted),
    "NumericGreaterThan": _number(lambda value, wanted: value > wanted),
    "NumericGreaterThanEquals": _number(lambda value, wanted: value >= wanted),
    "DateEquals": _date(lambda value, wanted: value == wanted),
    "DateLessThan": _date(lambda value, wanted: value < wanted),
    "DateLessThanEquals": _date(lambda value, wanted: value <= wanted),
    "DateGreaterThan": _date(lambda value, wanted: value > wanted),
    "DateGreaterThanEquals": _date(lambda value, wanted: value >= wanted),
    "Bool": lambda value, wanted: value.casefold() == wanted.casefold(),
    "BinaryEquals": lambda value, wanted: value == wanted,
    "IpAddress": _address,
    "ArnEquals": _arn,
    "ArnLike": _arn,
}
_WITH_WILDCARDS = ("ArnEquals", "ArnLike", "StringLike")
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}


def holds(condition: Mapping[str, Any], context: Context) -> bool:
    """Whether every operator of a Condition holds for every key below it."""
    return all(
        _operator_holds(operator, element_texts(wanted), context.get(key.lower(), ()))
        for operator, keys in condition.items()
        for key, wanted in keys.items()
    )


def problems(condition: Any) -> Iterator[str]:
    """The operators and keys of a Condition that are not supported here."""
    if not isinstance(condition, Mapping):
        yield f"a Condition must be an object, got {condition!r}"
        return
    for operator, keys in condition.items():
        quantifier, name, _ = _split(operator)
        known = name == "Null" or name in _COMPARE or name in _NEGATED
        if not known or quantifier not in ("", "ForAllValues", "ForAnyValue"):
            yield f"the condition operator {operator} is not supported here"
        for key in keys:
            if key.lower() not in KNOWN_KEYS and not key.lower().startswith(ENCRYPTION_CONTEXT):
                yield f"the condition key {key} is not supported here"


def element_texts(value: Any) -> tuple[str, ...]:
    """The text or texts of an element: JSON's true is IAM's "true"."""
    values = value if isinstance(value, list) else [value]
    return tuple(str(each).lower() if isinstance(each, bool) else str(each) for each in values)


def _split(operator: str) -> tuple[str, str, bool]:
    """The set operator, the operator, and whether a missing key holds."""
    quantifier, _, name = operator.rpartition(":")
    return quantifier, name.removesuffix("IfExists"), name.endswith("IfExists")


def _operator_holds(operator: str, wanted: tuple[str, ...], values: tuple[str, ...]) -> bool:
    quantifier, name, if_exists = _split(operator)
    if name == "Null":
        return (not values) == (wanted[0].lower() == "true")
    is_negated = name in _NEGATED
    if not values:
        if quantifier:
            return if_exists or quantifier == "ForAllValues"
        return if_exists or is_negated
    positive = _NEGATED.get(name, name)
    compare = _COMPARE[positive]
    if positive not in _WITH_WILDCARDS:
        wanted = tuple(text.replace(ORDINARY, "") for text in wanted)
    results = [
        any(_safely(compare, value, each) for each in wanted) != is_negated for value in values
    ]
    return all(results) if quantifier == "ForAllValues" else any(results)


def _safely(compare: Compare, value: str, wanted: str) -> bool:
    try:
        return compare(value, wanted)
    except ValueError:  # not a number, a date or an address
        return False
