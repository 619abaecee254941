# SPDX-License-Identifier: MIT-0
"""The prefix of every physical name in the stack."""

import re
from dataclasses import dataclass

DEFAULT_PREFIX = "sfn-dfn"
STACK_NAME = "CdkStepfunctionDurableLambdaFunctionStack"
# A stack name has letters, digits and hyphens, a letter first. A function's name has at most
# 64 characters: 40 for the prefix leave room for the longest suffix.
_ALLOWED = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")


class InvalidPrefix(ValueError):
    """The prefix cannot be part of a resource's name."""


@dataclass(frozen=True)
class Prefix:
    """Makes the physical names of one copy of the stack."""

    value: str

    @classmethod
    def parse(cls, value: object) -> "Prefix":
        """Check a prefix given as context.

        Raises:
            InvalidPrefix: the value is not 1 to 40 letters, digits or hyphens, a letter first
        """
        if not isinstance(value, str) or not _ALLOWED.fullmatch(value):
            raise InvalidPrefix(
                "prefix must be 1 to 40 letters, digits or hyphens and begin with a letter, "
                f"got {value!r}"
            )
        return cls(value)

    def name(self, suffix: str) -> str:
        return f"{self.value}-{suffix}"

    @property
    def stack_name(self) -> str:
        # Two copies in one account and Region need two stack names.
        return STACK_NAME if self.value == DEFAULT_PREFIX else f"{STACK_NAME}-{self.value}"
