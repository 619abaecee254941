# SPDX-License-Identifier: MIT-0
"""Names of fields and operations, as Step Functions spells them.

An optimized integration spells a field as the API does, with a capital letter first. An SDK
integration spells it as the SDK for Java 2 does, with a capital letter first: DBInstanceIdentifier
is DbInstanceIdentifier, and BOOL is Bool.
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

import re

_ACRONYM = re.compile(r"^[A-Z]+(?![a-z])")
# A reserved word of Java, as users found: https://github.com/boto/boto3/issues/4253
_SDK_NAMES = {"NULL": "Nul"}


def optimized_name(member: str) -> str:
    """The field of an optimized integration for a member of the API's model."""
    return member[0].upper() + member[1:]


def sdk_name(member: str) -> str:
    """The field of an SDK integration for a member of the API's model."""
    name = _ACRONYM.sub(lambda match: match[0].capitalize(), member)
    return _SDK_NAMES.get(member, name[0].upper() + name[1:])


def action_name(operation: str) -> str:
    """The action in the ARN of an integration for an operation of the API."""
    return operation[0].lower() + operation[1:]
