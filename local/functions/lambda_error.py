# SPDX-License-Identifier: MIT-0
"""The errors of Lambda's API."""


class LambdaError(Exception):
    """An error of Lambda's API: its code, HTTP status and message.

    Args:
        reason: why Lambda throttles, in a TooManyRequestsException
    """

    def __init__(self, code: str, status: int, message: str, reason: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.reason = reason
