# SPDX-License-Identifier: MIT-0
"""The ARN of an execution: where it is, and whether it has a history to read."""

import re
from dataclasses import dataclass

from ..errors import InvalidArgument
from ..text import printable

# https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
_FORM = re.compile(r"arn:([a-z-]+):([a-z0-9-]+):([a-z0-9-]*):(\d{12}):([A-Za-z]+):(\S{1,300})")
_WANTED = "an execution's ARN is arn:aws:states:REGION:ACCOUNT:execution:STATE-MACHINE:NAME"


@dataclass(frozen=True)
class ExecutionArn:
    """An execution of a standard state machine."""

    text: str
    region: str
    state_machine: str
    name: str

    @classmethod
    def parse(cls, text: str) -> "ExecutionArn":
        """The ARN that a text is.

        Raises:
            UsageError: it is none, or that of something without a history of its own
        """
        match = _FORM.fullmatch(text)
        if match is None:
            raise InvalidArgument(f"{_WANTED}, got {printable(text)}")
        _, service, region, _, kind, rest = match.groups()
        if service != "states" or not region:
            raise InvalidArgument(f"{_WANTED}, got one of {service}: {printable(text)}")
        if kind == "express":
            raise InvalidArgument(
                "Step Functions keeps no history of an express execution; "
                f"its log group has what it logs: {printable(text)}"
            )
        machine, separator, name = rest.rpartition(":")
        if kind != "execution" or not separator or not machine or not name:
            raise InvalidArgument(f"{_WANTED}, got that of a {kind}: {printable(text)}")
        return cls(text, region, machine, name)
