# SPDX-License-Identifier: MIT-0
"""One call to Step Functions about one task.

The task token is a credential: it is an argument here and nothing else, never part of a log or
of an error.
"""

import functools
from typing import Any, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError
from botocore.parsers import ResponseParserError

from failure import Failure

Answer = Literal["ACCEPTED", "CLOSED"]

# Whoever calls does the long retries.
CONFIG = Config(
    connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 2}
)
# Codes that say "later" with a status that says "never". All with "Throttl" in them do, too.
_TRANSIENT_CODES = frozenset(
    {"RequestLimitExceeded", "RequestTimeout", "RequestTimeoutException", "SlowDown"}
)


@functools.cache
def client() -> Any:
    """The Step Functions client of this sandbox."""
    return boto3.client("stepfunctions", config=CONFIG)


def send(action: str, token: str, **arguments: str) -> Answer:
    """Say one thing about the task.

    `TaskTimedOut` means that the task is closed: the state timed out, its execution was
    stopped, or an earlier call closed it.

    Raises:
        Exception: what boto3 raises, without the token in it and cut to what a checkpoint takes
    """
    try:
        getattr(client(), action)(taskToken=token, **arguments)
    except client().exceptions.TaskTimedOut:
        return "CLOSED"
    except Exception as error:
        failure = Failure.of(error)
        shown = failure.without(token).fitted()
        if shown == failure:
            raise
        raise shown.exception() from None
    return "ACCEPTED"


def is_transient(error: Exception) -> bool:
    """Whether the same call may succeed later: throttled, a server error, or no proper answer."""
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        is_passing_code = code in _TRANSIENT_CODES or "Throttl" in code
        return is_passing_code or status in (408, 429) or status >= 500
    return isinstance(error, ConnectionError | HTTPClientError | ResponseParserError)
