# SPDX-License-Identifier: MIT-0
"""Condition operators, with the cases of AWS's documentation.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from typing import Any

import pytest

from local.iam.conditions import holds, problems

TOPIC = "arn:aws:sns:us-east-1:123456789012:topic"


@pytest.mark.parametrize(
    ("operator", "wanted", "values", "expected"),
    [
        ("StringEquals", "us-east-1", ("us-east-1",), True),
        ("StringEquals", "us-east-1", ("US-EAST-1",), False),
        ("StringEquals", ["eu-west-1", "us-east-1"], ("us-east-1",), True),
        ("StringEquals", "us-*", ("us-east-1",), False),
        ("StringEquals", "us-east-1", (), False),
        ("StringNotEquals", "us-east-1", ("us-east-1",), False),
        ("StringNotEquals", ["us-east-1", "eu-west-1"], ("eu-west-1",), False),
        ("StringNotEquals", ["us-east-1", "eu-west-1"], ("eu-west-3",), True),
        ("StringNotEquals", "us-east-1", (), True),
        ("StringEqualsIgnoreCase", "JohnDoe", ("johndoe",), True),
        ("StringNotEqualsIgnoreCase", "JohnDoe", ("johndoe",), False),
        ("StringLike", ["", "home/", "home/JohnDoe/*"], ("home/JohnDoe/notes",), True),
        ("StringLike", ["", "home/", "home/JohnDoe/*"], ("",), True),
        ("StringLike", "home/?", ("home/ab",), False),
        ("StringNotLike", "home/*", ("home/a",), False),
        ("NumericLessThanEquals", "10", ("10",), True),
        ("NumericLessThanEquals", 10, ("11",), False),
        ("NumericLessThan", "10", ("10",), False),
        ("NumericGreaterThan", "10", ("10.5",), True),
        ("NumericGreaterThanEquals", "10", ("9",), False),
        ("NumericEquals", "10", ("10.0",), True),
        ("NumericNotEquals", "10", ("10",), False),
        ("NumericEquals", "10", ("ten",), False),
        ("DateGreaterThan", "2020-01-01T00:00:01Z", ("2026-11-25T00:00:00+00:00",), True),
        ("DateLessThan", "2020-01-01T00:00:01Z", ("2026-11-25T00:00:00+00:00",), False),
        ("DateEquals", "2020-01-01T00:00:00Z", ("1577836800",), True),
        ("DateNotEquals", "2020-01-01T00:00:00Z", ("1577836800",), False),
        ("DateLessThanEquals", "2020-01-01T00:00:00Z", ("2020-01-01T00:00:00Z",), True),
        ("DateGreaterThanEquals", "2020-01-02", ("2020-01-01T00:00:00Z",), False),
        ("Bool", "true", ("true",), True),
        ("Bool", True, ("true",), True),
        ("Bool", "false", ("true",), False),
        ("Bool", "true", (), False),
        ("BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", ("QmluYXJ5VmFsdWVJbkJhc2U2NA==",), True),
        ("IpAddress", "203.0.113.0/24", ("203.0.113.7",), True),
        ("IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], ("127.0.0.1",), False),
        ("IpAddress", "2001:DB8:1234:5678::/64", ("2001:db8:1234:5678::1",), True),
        ("NotIpAddress", "203.0.113.0/24", ("203.0.113.7",), False),
        ("ArnEquals", TOPIC, (TOPIC,), True),
        ("ArnEquals", "arn:aws:sns:*:123456789012:to*", (TOPIC,), True),
        ("ArnLike", "arn:aws:sns:us-east-1:123456789012:topic-2", (TOPIC,), False),
        # A wildcard does not reach over a colon of the first five.
        ("ArnLike", "arn:aws:*:topic", (TOPIC,), False),
        ("ArnNotEquals", TOPIC, (TOPIC,), False),
        ("ArnNotLike", "arn:aws:sqs:*:*:*", (TOPIC,), True),
        ("ArnLike", TOPIC, (), False),
        ("Null", "true", (), True),
        ("Null", "true", ("a",), False),
        ("Null", "false", ("a",), True),
        ("StringEqualsIfExists", "a", (), True),
        ("StringEqualsIfExists", "a", ("b",), False),
        ("StringLikeIfExists", ["t1.*", "t2.*"], ("t2.micro",), True),
        ("NumericLessThanIfExists", "3", ("4",), False),
        ("ForAllValues:StringEquals", ["environment", "team"], ("environment",), True),
        ("ForAllValues:StringEquals", ["environment", "team"], ("environment", "cost"), False),
        ("ForAllValues:StringEquals", ["environment", "team"], (), True),
        ("ForAnyValue:StringEquals", ["environment", "team"], ("environment", "cost"), True),
        ("ForAnyValue:StringEquals", ["environment", "team"], ("cost",), False),
        ("ForAnyValue:StringEquals", ["environment", "team"], (), False),
        ("ForAllValues:StringLike", ["key*"], ("key1", "key2"), True),
        ("ForAllValues:StringNotEquals", ["a"], ("b", "a"), False),
        ("ForAnyValue:StringNotEquals", ["a"], ("b", "a"), True),
        ("ForAnyValue:StringNotEquals", ["a"], ("a",), False),
    ],
)
def test_an_operator_holds_as_documented(
    operator: str, wanted: Any, values: tuple[str, ...], expected: bool
) -> None:
    assert holds({operator: {"aws:Key": wanted}}, {"aws:key": values}) is expected


def test_all_operators_and_all_keys_must_hold() -> None:
    context = {"aws:a": ("1",), "aws:b": ("2",)}

    assert holds({"StringEquals": {"aws:a": "1", "aws:b": "2"}}, context)
    assert not holds({"StringEquals": {"aws:a": "1", "aws:b": "3"}}, context)
    assert not holds({"StringEquals": {"aws:a": "1"}, "StringLike": {"aws:b": "3*"}}, context)
    assert holds({}, context)


def test_keys_have_no_case() -> None:
    assert holds({"StringEquals": {"AWS:SourceAccount": "1"}}, {"aws:sourceaccount": ("1",)})


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": {"aws:SourceAccount": "1"}}, []),
        ({"ForAllValues:StringLikeIfExists": {"dynamodb:LeadingKeys": "1"}}, []),
        ({"Null": {"aws:SourceArn": "true"}}, []),
        (
            {"StringSounds": {"aws:SourceArn": "1"}},
            ["the condition operator StringSounds is not supported here"],
        ),
        (
            {"ForSomeValues:StringEquals": {"aws:SourceArn": "1"}},
            ["the condition operator ForSomeValues:StringEquals is not supported here"],
        ),
        (
            {"StringEquals": {"aws:PrincipalOrgID": "o-1", "ec2:Vpc": "v"}},
            [
                "the condition key aws:PrincipalOrgID is not supported here",
                "the condition key ec2:Vpc is not supported here",
            ],
        ),
        ("StringEquals", ["a Condition must be an object, got 'StringEquals'"]),
    ],
)
def test_unknown_operators_and_keys_are_named(condition: Any, expected: list[str]) -> None:
    assert list(problems(condition)) == expected
