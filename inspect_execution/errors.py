# SPDX-License-Identifier: MIT-0
"""Errors of `python -m inspect_execution`: each ends the program with one line."""

from .program import ProgramError


class InspectError(ProgramError):
    """The program cannot show the execution."""


class InvalidArgument(InspectError):
    """An argument of the command line is invalid."""

    status = 2


class ApiCallFailed(InspectError):
    """A call of AWS's API failed: the view omits that part, unless it is the execution itself."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        # The code of the service's error, such as ResourceNotFoundException.
        self.code = code
