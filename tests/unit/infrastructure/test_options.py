# SPDX-License-Identifier: MIT-0
"""The values that `-c start_once` and `-c durable_key_arn` take."""

import re

import pytest

from cdk_stepfunction_durable_lambda_function.options import (
    InvalidOption,
    parse_flag,
    parse_key_arn,
)

KEY = "arn:aws-cn:kms:cn-north-1:123456789012:key/mrk-0a1b-2c"


@pytest.mark.parametrize(
    ("value", "parsed"), [("true", True), ("false", False), (True, True), (False, False)]
)
def test_a_flag_is_true_or_false(value: object, parsed: bool) -> None:
    assert parse_flag("start_once", value) is parsed


@pytest.mark.parametrize("value", ["yes", "True", "", 1, None])
def test_another_value_of_a_flag_is_refused_in_one_line(value: object) -> None:
    message = f"start_once must be true or false, got {value!r}"
    with pytest.raises(InvalidOption, match=f"^{re.escape(message)}$"):
        parse_flag("start_once", value)


@pytest.mark.parametrize("value", [KEY, None])
def test_a_key_is_given_by_its_arn(value: object) -> None:
    assert parse_key_arn("durable_key_arn", value) == value


@pytest.mark.parametrize(
    "value",
    ["", "key/0a1b", KEY.replace("key/", "alias/"), KEY.replace(":kms:", ":s3:"), f"{KEY}\n", 7],
)
def test_what_is_no_key_is_refused_in_one_line(value: object) -> None:
    rule = "the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID"
    with pytest.raises(InvalidOption, match=re.escape(f"must be {rule}, got {value!r}")):
        parse_key_arn("durable_key_arn", value)
