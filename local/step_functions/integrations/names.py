# SPDX-License-Identifier: MIT-0
"""Names of fields and operations, as Step Functions spells them.

An optimized integration spells a field as the API does, with a capital letter first. An SDK
integration spells it as the SDK for Java 2 does: each word has one capital letter, its first.
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

import re
from functools import cache

_WORD_START = re.compile(r"(?<=[a-z0-9])[A-Z]|(?<!^)[A-Z](?=[a-z])")
# Reserved words of Java; recorded by users: https://github.com/boto/boto3/issues/4253
_SDK_NAMES = {"NULL": "Nul"}


def optimized_name(member: str) -> str:
    """The field of an optimized integration for a member of the API's model."""
    return member[0].upper() + member[1:]


@cache
def sdk_name(member: str) -> str:
    """The field of an SDK integration for a member of the API's model."""
    if member in _SDK_NAMES:
        return _SDK_NAMES[member]
    words = _WORD_START.sub(lambda start: f"_{start[0]}", member).split("_")
    return "".join(word[:1].upper() + word[1:].lower() for word in words)


def action_name(operation: str) -> str:
    """The action in the ARN of an integration for an operation of the API."""
    return operation[0].lower() + operation[1:]
