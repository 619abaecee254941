# SPDX-License-Identifier: MIT-0
"""Which errors a Retrier or a Catcher applies to.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from collections.abc import Collection

from moto.stepfunctions.parser.asl.component.common.error_name.error_name import ErrorName

ALL = "States.ALL"
TASK_FAILED = "States.TaskFailed"
TIMEOUT = "States.Timeout"
HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout"
TERMINAL = frozenset({"States.Runtime", "States.DataLimitExceeded"})


class RaisedErrorName(ErrorName):
    """The name of an error that a state raised, which may be one of the service's own."""


def error_equals_applies(names: Collection[str | None], error: str | None) -> bool:
    """Whether ErrorEquals with these names applies to an error. A terminal one must be named."""
    if error in TERMINAL:
        return error in names
    if error == HEARTBEAT_TIMEOUT and TIMEOUT in names:
        return True
    if TASK_FAILED in names and error not in (TIMEOUT, HEARTBEAT_TIMEOUT):
        return True
    return ALL in names or error in names
