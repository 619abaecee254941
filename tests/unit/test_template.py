# SPDX-License-Identifier: MIT-0
"""Intrinsic functions, resolved as CloudFormation does."""

from typing import Any

import pytest

from local.cloudformation.templates.physical_resource import PhysicalResource
from local.cloudformation.templates.template import Template
from local.errors import LocalError

TEMPLATE = Template(
    {
        "Parameters": {"Size": {"Default": 5}},
        "Conditions": {
            "IsChina": {"Fn::Equals": [{"Ref": "AWS::Partition"}, "aws-cn"]},
            "IsNotChina": {"Fn::Not": [{"Condition": "IsChina"}]},
            "Both": {"Fn::And": [{"Condition": "IsChina"}, {"Condition": "IsNotChina"}]},
            "Either": {"Fn::Or": [{"Condition": "IsChina"}, {"Condition": "IsNotChina"}]},
        },
    },
    {"AWS::Partition": "aws", "AWS::Region": "us-east-1"},
    {"Machine": PhysicalResource("arn:machine", {"Name": "machine"})},
)


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        ("text", "text"),
        ({"Ref": "Machine"}, "arn:machine"),
        ({"Ref": "Size"}, "5"),
        ({"Fn::GetAtt": ["Machine", "Name"]}, "machine"),
        ({"Fn::GetAtt": "Machine.Name"}, "machine"),
        ({"Fn::Join": [":", ["a", {"Ref": "AWS::Region"}]]}, "a:us-east-1"),
        ({"Fn::Sub": "${Machine}-${Machine.Name}-${AWS::Region}-${!kept}"},
         "arn:machine-machine-us-east-1-${kept}"),
        ({"Fn::Sub": ["${x}!", {"x": {"Ref": "Machine"}}]}, "arn:machine!"),
        ({"Fn::Select": ["1", {"Fn::Split": [":", {"Ref": "Machine"}]}]}, "machine"),
        ({"Fn::If": ["IsChina", "a", {"Ref": "Machine"}]}, "arn:machine"),
        ({"Fn::If": ["Either", "a", "b"]}, "a"),
        ({"Fn::If": ["Both", "a", "b"]}, "b"),
        ({"Condition": {"StringEquals": {"a": {"Ref": "Machine"}}}},
         {"Condition": {"StringEquals": {"a": "arn:machine"}}}),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [1, {"Ref": "AWS::NoValue"}]}, {"b": [1]}),
        ({"a": {"Fn::If": ["IsChina", 1, {"Ref": "AWS::NoValue"}]}}, {}),
        ([{"Ref": "Machine"}, {"k": {"Ref": "Machine"}}], ["arn:machine", {"k": "arn:machine"}]),
    ],
)  # fmt: skip
def test_a_value_is_resolved(value: Any, resolved: Any) -> None:
    assert TEMPLATE.resolve(value) == resolved


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"Ref": "Nobody"}, "Ref Nobody refers to nothing that was created"),
        ({"Fn::GetAtt": ["Machine", "Colour"]}, "Machine has no attribute Colour here"),
        ({"Fn::ImportValue": "x"}, "no stack of this assembly exports x"),
        ({"Fn::Transform": {}}, "the function Fn::Transform is not supported here"),
    ],
)
def test_what_has_no_value_is_named(value: Any, message: str) -> None:
    with pytest.raises(LocalError, match=f"^{message}$"):
        TEMPLATE.resolve(value)


def test_resources_come_after_what_they_refer_to() -> None:
    document = {
        "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
        "Resources": {
            "A": {"Properties": {"P": {"Fn::Sub": "${B.Arn}"}}},
            "B": {"Properties": {"P": {"Fn::GetAtt": ["C", "Arn"]}}, "DependsOn": "D"},
            "C": {"Properties": {"P": {"Ref": "D"}}},
            "D": {},
            "E": {"Condition": "Never"},
        },
    }
    order = [logical_id for logical_id, _ in Template(document, {}).in_creation_order()]

    assert order == ["D", "C", "B", "A"]


def test_a_circle_is_named() -> None:
    document = {
        "Resources": {
            "A": {"Properties": {"P": {"Ref": "B"}}},
            "B": {"Properties": {"P": {"Ref": "A"}}},
        }
    }
    with pytest.raises(LocalError, match=r"^circular dependency: (A -> B -> A|B -> A -> B)$"):
        list(Template(document, {}).in_creation_order())
