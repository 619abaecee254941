# SPDX-License-Identifier: MIT-0
"""The ARN of a durable execution, parsed."""

import re
from dataclasses import dataclass

# https://docs.aws.amazon.com/lambda/latest/api/API_GetDurableExecution.html
_FORM = re.compile(
    r"arn:[a-z-]+:lambda:([a-z0-9-]+):\d{12}:function:([\w-]+):([\w$.-]+)"
    r"/durable-execution/[\w-]+/[\w-]+"
)


@dataclass(frozen=True)
class DurableArn:
    """The ARN of a durable execution, with its Region and its function."""

    text: str
    region: str
    function: str

    @classmethod
    def parse(cls, text: str) -> "DurableArn | None":
        """Parse an ARN; None if the text is not that of a durable execution."""
        match = _FORM.fullmatch(text)
        return cls(text, match[1], match[2]) if match else None
