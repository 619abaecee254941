# SPDX-License-Identifier: MIT-0
"""What a user of `python -m inspect_execution` may do wrong, or find broken."""


class InspectError(Exception):
    """One line that names the thing and the way out. It ends the command with `status`."""

    status = 1


class UsageError(InspectError):
    """The command cannot begin with what it was given."""

    status = 2


class Refused(InspectError):
    """One call of AWS's API had no answer: of a part, it is left out; of the whole, the end."""
