# SPDX-License-Identifier: MIT-0
"""A function's own policy: which service may invoke it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class InvokePermission:
    """One permission of a function's own policy: the principal, and its source.

    https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
    """

    action: str
    principal: str
    source_arn: str | None
    source_account: str | None = None

    def statement(self, function_arn: str) -> dict[str, Any]:
        """The permission as a statement of a policy."""
        kind = "AWS" if ":" in self.principal or self.principal.isdecimal() else "Service"
        condition: dict[str, Any] = {}
        if self.source_arn is not None:
            condition["ArnLike"] = {"aws:SourceArn": self.source_arn}
        if self.source_account is not None:
            condition["StringEquals"] = {"aws:SourceAccount": self.source_account}
        return {
            "Effect": "Allow",
            "Principal": "*" if self.principal == "*" else {kind: self.principal},
            "Action": self.action,
            "Resource": function_arn,
            "Condition": condition,
        }
