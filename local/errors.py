# SPDX-License-Identifier: MIT-0
"""What a user of `python -m local` may do wrong, or find broken."""

from inspect_execution.program import ProgramError


class LocalError(ProgramError):
    """What ends the command."""


class UsageError(LocalError):
    """The command cannot begin with what it was given."""

    status = 2
