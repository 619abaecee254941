# SPDX-License-Identifier: MIT-0
"""The errors that Lambda itself answers with, where no runtime was left to do it."""

import json
import signal

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_RESPONSE_BYTES = 6_291_556


def timed_out(request_id: str, seconds: int) -> str:
    """The payload of an invocation that took longer than the function's timeout."""
    message = f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds"
    return _payload("Sandbox.Timedout", message)


def exited(request_id: str, status: int) -> str:
    """The payload of an invocation whose process ended.

    Args:
        status: as `subprocess` has it, the negative number of a signal
    """
    if status < 0:
        name = signal.strsignal(-status) or str(-status)
        what = f"Runtime exited with error: signal: {name.lower()}"
    elif status > 0:
        what = f"Runtime exited with error: exit status {status}"
    else:
        what = "Runtime exited without providing a reason"
    return _payload("Runtime.ExitError", f"RequestId: {request_id} Error: {what}")


def response_too_large() -> str:
    """The payload of an invocation whose result, or error, has more bytes than are allowed."""
    return _payload(
        "Function.ResponseSizeTooLarge",
        "Response payload size exceeded maximum allowed payload size "
        f"({MAX_RESPONSE_BYTES} bytes).",
    )


def _payload(error_type: str, message: str) -> str:
    return json.dumps({"errorType": error_type, "errorMessage": message})
