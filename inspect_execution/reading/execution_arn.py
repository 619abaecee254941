# SPDX-License-Identifier: MIT-0
"""The ARN of an execution, parsed: only a standard state machine's execution has a history."""

import re
from dataclasses import dataclass

from ..errors import InvalidArgument
from ..text import printable

# https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
_FORM = re.compile(r"arn:([a-z-]+):([a-z0-9-]+):([a-z0-9-]*):(\d{12}):([A-Za-z]+):(\S{1,300})")
_EXPECTED = (
    "ARN must be an execution's, arn:aws:states:REGION:ACCOUNT:execution:STATE-MACHINE:NAME, or a "
    "durable execution's, VERSION-ARN/durable-execution/NAME/ID"
)


@dataclass(frozen=True)
class ExecutionArn:
    """The ARN of an execution of a standard state machine."""

    text: str
    region: str
    state_machine: str
    name: str

    @classmethod
    def parse(cls, text: str) -> "ExecutionArn":
        """Parse an ARN.

        Raises:
            InvalidArgument: the text is not an ARN, or that of something else than an execution of
                a standard state machine
        """
        match = _FORM.fullmatch(text)
        if match is None:
            raise InvalidArgument(f"{_EXPECTED}, got {printable(text) or 'an empty text'}")
        _, service, region, _, kind, rest = match.groups()
        if service != "states" or not region:
            raise InvalidArgument(f"{_EXPECTED}, got one of {service}: {printable(text)}")
        if kind == "express":
            raise InvalidArgument(
                "Step Functions keeps no history of an express execution; "
                f"its log group has what it logs: {printable(text)}"
            )
        if kind == "stateMachine":
            raise InvalidArgument(
                f"--failed or --waiting says which of its executions: {printable(text)}"
            )
        machine, separator, name = rest.rpartition(":")
        if kind != "execution" or not separator or not machine or not name:
            raise InvalidArgument(f"{_EXPECTED}, got one of states:{kind}: {printable(text)}")
        return cls(text, region, machine, name)
