# SPDX-License-Identifier: MIT-0
"""What a user of `python -m local` may do wrong, or find broken."""


class LocalError(Exception):
    """One line that names the thing and the way out. It ends the command with `status`."""

    status = 1


class UsageError(LocalError):
    """The command cannot begin with what it was given."""

    status = 2
