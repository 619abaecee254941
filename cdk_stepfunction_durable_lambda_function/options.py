# SPDX-License-Identifier: MIT-0
"""The values of `-c monitoring`, `-c start_once` and `-c durable_key_arn`."""

import re

# Lambda takes a symmetric key of the function's Region, and no alias:
# https://docs.aws.amazon.com/lambda/latest/dg/durable-encryption.html
_KEY_ARN = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+")


class InvalidOption(ValueError):
    """A value of the context breaks the rule of its option."""


def parse_flag(name: str, value: object) -> bool:
    """Read a flag: a boolean in cdk.json, a text from `-c`.

    Raises:
        InvalidOption: the value is not true, false, "true" or "false"
    """
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise InvalidOption(f"{name} must be true or false, got {value!r}")
    return value == "true"


def parse_key_arn(name: str, value: object) -> str | None:
    """Read the ARN of a KMS key; None means that there is none.

    Raises:
        InvalidOption: the value is not the ARN of a key, or is that of an alias
    """
    if value is None or (isinstance(value, str) and _KEY_ARN.fullmatch(value)):
        return value
    rule = "the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID"
    raise InvalidOption(f"{name} must be {rule}, got {value!r}")
