# SPDX-License-Identifier: MIT-0
"""ARNs and names of Step Functions, and how the service refuses them."""

import re

from moto.stepfunctions.exceptions import InvalidArn, InvalidName

STATE_MACHINE, EXECUTION, ACTIVITY = "stateMachine", "execution", "activity"
_FIELDS = 7
_FORBIDDEN = re.compile(r"""[\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]""")


def require_arn(text: str, resource_type: str) -> None:
    """Refuse what is no ARN of that type.

    Raises:
        InvalidArn: the text has no `arn:` at its start, or is of another type
    """
    parts = text.split(":")
    if parts[0] != "arn" or len(parts) < _FIELDS:
        raise InvalidArn(f"Invalid Arn: 'Invalid ARN prefix: {text}'")
    if parts[5] != resource_type:
        raise InvalidArn(
            f"Invalid Arn: 'Resource type not valid in this context: {parts[5].lower()}'"
        )


def require_name(name: str) -> None:
    """Refuse a name of a state machine or of an execution.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html

    Raises:
        InvalidName: the name is empty or has one of the characters that the service forbids
    """
    if not name or _FORBIDDEN.search(name):
        raise InvalidName(f"Invalid Name: '{name}'")


def split_qualifier(arn: str) -> tuple[str, str | None]:
    """The ARN of the state machine, and the version number or alias name behind it."""
    parts = arn.split(":")
    return ":".join(parts[:_FIELDS]), parts[_FIELDS] if len(parts) > _FIELDS else None
