# SPDX-License-Identifier: MIT-0
"""What a user of `python -m inspect_execution` may do wrong, or find broken."""

from .program import ProgramError


class InspectError(ProgramError):
    """What ends the command."""


class InvalidArgument(InspectError):
    """The command cannot begin with what it was given."""

    status = 2


class ApiCallFailed(InspectError):
    """One call of AWS's API had no answer: of a part, it is left out; of the whole, the end."""
