# SPDX-License-Identifier: MIT-0
"""Statements and decisions, with the cases of AWS's documentation.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from typing import Any

import pytest

from local.iam.caller import AccessDenied, Caller
from local.iam.decision import Policies, may_be_assumed, refusal
from local.iam.policy import Access, effects, policy_problems
from local.iam.principals import service_key

ROLE = "arn:aws:iam::123456789012:role/r"
SESSION = "arn:aws:sts::123456789012:assumed-role/r/local"
BUCKET = "arn:aws:s3:::amzn-s3-demo-bucket"
OBJECT = f"{BUCKET}/home/JohnDoe/a"
CONTEXT = {"aws:username": ("JohnDoe",), "aws:securetransport": ("true",)}


def policy(*statements: dict[str, Any], version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": [{"Effect": "Allow", **each} for each in statements]}


def allow(action: Any, resource: Any = "*", **elements: Any) -> dict[str, Any]:
    return {"Action": action, "Resource": resource, **elements}


def deny(action: Any, resource: Any = "*", **elements: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **elements}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow("s3:GetObject"), {"Allow"}),
        (allow("S3:getobject"), {"Allow"}),
        (allow("s3:Get*"), {"Allow"}),
        (allow("*"), {"Allow"}),
        (allow(["s3:PutObject", "s3:GetObject"]), {"Allow"}),
        (allow("s3:GetObjectAcl"), set()),
        (allow("s3:GetObject", f"{BUCKET}/*"), {"Allow"}),
        (allow("s3:GetObject", BUCKET), set()),
        (allow("s3:GetObject", [BUCKET, f"{BUCKET}/home/*/?"]), {"Allow"}),
        (allow("s3:GetObject", f"{BUCKET}/home/${{aws:username}}/*"), {"Allow"}),
        (allow("s3:GetObject", f"{BUCKET}/home/${{aws:SourceArn}}/*"), set()),
        (allow("s3:GetObject", f"{BUCKET}/home/${{aws:SourceArn, 'JohnDoe'}}/*"), {"Allow"}),
        (allow("s3:GetObject", f"{BUCKET}/home/${{*}}"), set()),
        (deny("s3:*"), {"Deny"}),
        ({"NotAction": "iam:*", "Resource": "*"}, {"Allow"}),
        ({"NotAction": ["iam:*", "s3:get*"], "Resource": "*"}, set()),
        ({"Action": "s3:*", "NotResource": f"{BUCKET}/home/*"}, set()),
        ({"Action": "s3:*", "NotResource": [BUCKET, f"{BUCKET}/other/*"]}, {"Allow"}),
        (
            {"Effect": "Deny", "NotAction": "s3:*", "NotResource": f"{BUCKET}/*"},
            set(),
        ),
        (allow("s3:*", Condition={"Bool": {"aws:SecureTransport": "true"}}), {"Allow"}),
        (allow("s3:*", Condition={"Bool": {"aws:SecureTransport": "false"}}), set()),
        (deny("s3:*", Condition={"Bool": {"aws:SecureTransport": "false"}}), set()),
        (
            allow("s3:*", Condition={"StringLike": {"aws:username": "${aws:username}"}}),
            {"Allow"},
        ),
    ],
)
def test_a_statement_applies_as_documented(statement: dict[str, Any], expected: set[str]) -> None:
    assert effects(policy(statement), Access("s3:GetObject", OBJECT, CONTEXT)) == expected


def test_a_wildcard_out_of_a_variable_is_an_ordinary_character() -> None:
    document = policy(allow("s3:GetObject", f"{BUCKET}/${{*}}"))

    assert effects(document, Access("s3:GetObject", f"{BUCKET}/*")) == {"Allow"}
    assert effects(document, Access("s3:GetObject", f"{BUCKET}/a")) == set()


def test_variables_are_text_before_the_version_of_2012() -> None:
    statement = allow("s3:GetObject", f"{BUCKET}/home/${{aws:username}}/*")

    assert effects(policy(statement, version="2008-10-17"), Access("s3:GetObject", OBJECT)) == set()


def test_a_single_statement_needs_no_list() -> None:
    document = {"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}

    assert effects(document, Access("s3:GetObject", OBJECT)) == {"Deny"}


NOT_ALLOWED = "because no identity-based policy allows the s3:GetObject action"
NOT_IN_BOUNDARY = "because no permissions boundary allows the s3:GetObject action"
ANYONE = {"Principal": "*"}
THE_ROLE = {"Principal": {"AWS": ROLE}}
ACCOUNT = {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}
READ = allow("s3:GetObject")


@pytest.mark.parametrize(
    ("identity", "boundary", "resource", "expected"),
    [
        # By default, all requests are denied.
        ([], None, [], NOT_ALLOWED),
        ([READ], None, [], None),
        # The union of identity-based and resource-based policies, in one account.
        ([], None, [{**READ, **THE_ROLE}], None),
        ([], None, [{**READ, "Principal": {"AWS": [SESSION]}}], None),
        ([], None, [{**READ, **ANYONE}], None),
        ([], None, [{**READ, "Principal": {"AWS": "*"}}], None),
        ([], None, [{**READ, "Principal": {"AWS": f"{ROLE}2"}}], NOT_ALLOWED),
        ([], None, [{**READ, "Principal": {"Service": "sns.amazonaws.com"}}], NOT_ALLOWED),
        # Naming the account delegates to it, and allows none of its roles.
        ([], None, [{**READ, **ACCOUNT}], NOT_ALLOWED),
        # An explicit deny overrides any allow.
        ([READ, deny("s3:*")], None, [], "with an explicit deny in an identity-based policy"),
        (
            [READ],
            None,
            [{**deny("s3:*"), **ANYONE}],
            "with an explicit deny in a resource-based policy",
        ),
        (
            [READ],
            [allow("*"), deny("s3:GetObject")],
            [],
            "with an explicit deny in a permissions boundary",
        ),
        # The intersection of identity-based policies and a boundary.
        ([READ], [allow(["s3:*", "cloudwatch:*", "ec2:*"])], [], None),
        ([READ], [allow(["cloudwatch:*", "ec2:*"])], [], NOT_IN_BOUNDARY),
        ([], [allow("s3:*")], [], NOT_ALLOWED),
        # An implicit deny of the boundary limits what a policy grants to the role's ARN.
        ([], [allow("ec2:*")], [{**READ, **THE_ROLE}], NOT_IN_BOUNDARY),
    ],
)
def test_a_request_is_decided_as_documented(
    identity: list[Any], boundary: list[Any] | None, resource: list[Any], expected: str | None
) -> None:
    policies = Policies(
        (policy(*identity),),
        policy(*boundary) if boundary is not None else None,
        policy(*resource) if resource else None,
    )

    assert refusal(Access("s3:GetObject", OBJECT), (ROLE, SESSION), policies) == expected


@pytest.mark.parametrize(
    ("identity", "key", "expected"),
    [
        ([allow("kms:*")], [{**allow("kms:*"), **ACCOUNT}], None),
        (
            [allow("kms:*")],
            [{**allow("kms:*"), "Principal": {"AWS": f"{ROLE}2"}}],
            "because no resource-based policy allows the kms:Decrypt action",
        ),
        ([], [{**allow("kms:*"), **THE_ROLE}], None),
        (
            [],
            [{**allow("kms:*"), **ACCOUNT}],
            "because no identity-based policy allows the kms:Decrypt action",
        ),
    ],
)
def test_policies_count_for_a_key_only_where_its_own_allows_the_account(
    identity: list[Any], key: list[Any], expected: str | None
) -> None:
    policies = Policies((policy(*identity),), None, policy(*key), needs_delegation=True)

    assert refusal(Access("kms:Decrypt", "arn:k"), (ROLE, SESSION), policies) == expected


TOPIC, QUEUE = (f"arn:aws:{name}:us-east-1:123456789012:a" for name in ("sns", "sqs"))
SNS = {"Principal": {"Service": "sns.amazonaws.com"}}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], False),
        ([{**allow("sqs:SendMessage", QUEUE), **SNS}], True),
        (
            [{**allow("sqs:SendMessage", QUEUE), "Principal": {"Service": "s3.amazonaws.com"}}],
            False,
        ),
        (
            [{**allow("sqs:*"), **SNS, "Condition": {"ArnEquals": {"aws:SourceArn": TOPIC}}}],
            True,
        ),
        (
            [{**allow("sqs:*"), **SNS, "Condition": {"ArnEquals": {"aws:SourceArn": QUEUE}}}],
            False,
        ),
        (
            [{**allow("sqs:*"), **SNS}, {**deny("sqs:*"), "Principal": "*"}],
            False,
        ),
    ],
)
def test_a_resources_policy_decides_what_a_service_may_do(
    statements: list[Any], expected: bool
) -> None:
    credential = f"{service_key('sns.amazonaws.com', TOPIC)}/20261125/us-east-1/sqs/aws4_request"
    service = Caller.of(f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host")
    assert service is not None

    def may(document: Any) -> bool:
        try:
            service.require("sqs:SendMessage", QUEUE, resource_policy=document)
        except AccessDenied:
            return False
        return True

    assert may(policy(*statements)) is expected
    assert may(None) is False


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}, True),
        (
            {
                "Principal": {"Service": ["edge.amazonaws.com", "lambda.amazonaws.com"]},
                "Action": ["sts:AssumeRole", "sts:TagSession"],
            },
            True,
        ),
        ({"Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}, False),
        ({"Principal": {"AWS": ROLE}, "Action": "sts:AssumeRole"}, False),
        ({"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:TagSession"}, False),
        (
            {
                "Effect": "Deny",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            },
            False,
        ),
    ],
)
def test_a_trust_policy_names_who_may_use_a_role(statement: dict[str, Any], expected: bool) -> None:
    assert may_be_assumed(policy(statement), "lambda.amazonaws.com") is expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow("s3:*", {"Fn::Sub": "${Bucket.Arn}/*"}), []),
        (allow("s3:*", f"{BUCKET}/${{aws:username}}"), []),
        (
            allow("s3:*", f"{BUCKET}/${{aws:PrincipalTag/team}}"),
            ["the policy variable ${aws:PrincipalTag/team} is not supported here"],
        ),
        (allow("s3:*", NotPrincipal={"AWS": "*"}), ["NotPrincipal is not supported here"]),
        (
            allow("s3:*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o"}}),
            ["the condition key aws:PrincipalOrgID is not supported here"],
        ),
        # Nothing can call EC2 here.
        (allow("ec2:*", Condition={"StringEquals": {"ec2:Vpc": "v"}}), []),
        (
            allow("*", Condition={"StringEquals": {"ec2:Vpc": "v"}}),
            ["the condition key ec2:Vpc is not supported here"],
        ),
        (
            {"NotAction": "ec2:*", "Condition": {"StringEquals": {"ec2:Vpc": "v"}}},
            ["the condition key ec2:Vpc is not supported here"],
        ),
    ],
)
def test_what_is_not_supported_of_a_policy_is_named(
    statement: dict[str, Any], expected: list[str]
) -> None:
    assert list(policy_problems(policy(statement), {"s3", "sqs"})) == expected
