# SPDX-License-Identifier: MIT-0
"""Intrinsic functions, resolved as CloudFormation does."""

from dataclasses import replace
from typing import Any

import pytest

from local.cloudformation.templates.parameters import Lookups
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

    assert sorted(order) == ["A", "B", "C", "D", "E"]
    assert [each for each in order if each != "E"] == ["D", "C", "B", "A"]


def test_a_circle_is_named() -> None:
    document = {
        "Resources": {
            "A": {"Properties": {"P": {"Ref": "B"}}},
            "B": {"Properties": {"P": {"Ref": "A"}}},
        }
    }
    with pytest.raises(LocalError, match=r"^circular dependency: (A -> B -> A|B -> A -> B)$"):
        list(Template(document, {}).in_creation_order())


def held(name: str) -> str | None:
    return {"/url": "https://example.com", "/list": "a, b"}.get(name)


def secret(name: str) -> str | None:
    return {"login": '{"user": "x"}', "text": "plain"}.get(name)


HOLDING = Template(
    {
        "Parameters": {
            "Url": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/url"},
            "Gone": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/gone"},
            "Names": {"Type": "AWS::SSM::Parameter::Value<List<String>>", "Default": "/list"},
            "Zones": {"Type": "CommaDelimitedList", "Default": "a,b"},
            "Size": {"Type": "Number", "AllowedValues": [1, 2], "Default": 1},
            "Given": {"Type": "String", "Default": "default"},
            "Wanted": {"Type": "String"},
        },
        "Mappings": {"Sizes": {"us-east-1": {"small": 1}}},
    },
    {"AWS::Region": "us-east-1"},
    lookups=Lookups(held, secret),
    given={"Given": "given"},
    exports={"other:table": "orders"},
)


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        ({"Ref": "Url"}, "https://example.com"),
        ({"Ref": "Names"}, ["a", "b"]),
        ({"Ref": "Zones"}, ["a", "b"]),
        ({"Ref": "Size"}, "1"),
        ({"Ref": "Given"}, "given"),
        ("{{resolve:ssm:/url}}/orders", "https://example.com/orders"),
        ("{{resolve:secretsmanager:text}}", "plain"),
        ("{{resolve:secretsmanager:login:SecretString:user::}}", "x"),
        ({"Fn::ImportValue": "other:table"}, "orders"),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "small"]}, 1),
        ({"Fn::FindInMap": ["Sizes", "eu-west-1", "small", {"DefaultValue": 2}]}, 2),
        ({"Fn::Base64": "text"}, "dGV4dA=="),
        ({"Fn::GetAZs": ""}, ["us-east-1a", "us-east-1b", "us-east-1c"]),
        ({"Fn::Select": [1, {"Fn::Cidr": ["10.0.0.0/16", 2, 8]}]}, "10.0.1.0/24"),
        ({"Fn::ToJsonString": {"a": {"Ref": "Size"}}}, '{"a":"1"}'),
        ({"Fn::Length": {"Ref": "Zones"}}, 2),
    ],
)
def test_a_value_from_outside_of_the_template_is_resolved(value: Any, resolved: Any) -> None:
    assert HOLDING.resolve(value) == resolved


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            {"Ref": "Gone"},
            "the parameter Gone is the SSM parameter /gone, not defined in this assembly",
        ),
        (
            {"Ref": "Wanted"},
            "the parameter Wanted has no value: give it with --parameters Wanted=…",
        ),
        (
            "{{resolve:ssm-secure:/url}}",
            "{{resolve:ssm-secure:/url}} is not defined in this assembly",
        ),
        (
            "{{resolve:secretsmanager:login:SecretString:user:AWSPREVIOUS}}",
            "{{resolve:secretsmanager:login:SecretString:user:AWSPREVIOUS}} is not defined in this "
            "assembly",
        ),
        ("{{resolve:ssm:/gone:1}}", "{{resolve:ssm:/gone:1}} is not defined in this assembly"),
        (
            "{{resolve:secretsmanager:login:SecretString:name}}",
            "{{resolve:secretsmanager:login:SecretString:name}} is not defined in this assembly",
        ),
        (
            {"Fn::FindInMap": ["Sizes", "eu-west-1", "small"]},
            "the mapping Sizes has no value for eu-west-1, small",
        ),
        ({"Fn::Select": [2, ["a", "b"]]}, "Fn::Select asks for item 2 of 2"),
    ],
)
def test_a_value_that_nothing_holds_is_refused_by_its_name(value: Any, message: str) -> None:
    with pytest.raises(LocalError) as refused:
        HOLDING.resolve(value)
    assert str(refused.value) == message


def test_a_parameter_takes_its_allowed_values_alone() -> None:
    template = replace(HOLDING, given={"Size": "3"})

    with pytest.raises(LocalError, match=r"^the parameter Size must be one of 1, 2, got 3$"):
        template.resolve({"Ref": "Size"})


@pytest.mark.parametrize(
    ("declared", "given", "message"),
    [
        ({"Type": "Number"}, "many", "must be a number, got many"),
        ({"Type": "Number", "MaxValue": 2}, "3", "must have MaxValue 2, got 3"),
        ({"Type": "String", "MinLength": 2}, "a", "must have MinLength 2, got a"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "a1", r"must match [a-z]+, got a1"),
        (
            {"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"]},
            "a, c",
            "must be one of a, b, got c",
        ),
    ],
)
def test_a_parameter_is_held_to_its_declaration(
    declared: dict[str, Any], given: str, message: str
) -> None:
    template = replace(HOLDING, document={"Parameters": {"X": declared}}, given={"X": given})

    with pytest.raises(LocalError) as refused:
        template.resolve({"Ref": "X"})
    assert str(refused.value) == f"the parameter X {message}"
