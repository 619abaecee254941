# SPDX-License-Identifier: MIT-0
"""A function's own policy: which service may invoke it."""

from dataclasses import dataclass

from .wildcard import matches


@dataclass(frozen=True)
class InvokePermission:
    """One statement of a function's own policy: who may invoke it, and on whose behalf."""

    action: str
    principal: str
    source_arn: str | None

    def allows(self, principal: str, source_arn: str) -> bool:
        return (
            matches(self.action, "lambda:InvokeFunction")
            and self.principal in (principal, "*")
            and (self.source_arn is None or matches(self.source_arn, source_arn))
        )
