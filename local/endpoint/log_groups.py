# SPDX-License-Identifier: MIT-0
"""The log groups of functions: Lambda makes one at the first line, if the function's role may.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
"""

import threading
from datetime import datetime
from typing import Any

from ..environment import environment
from ..functions.function import FunctionVersion
from ..iam.caller import AccessDenied, Caller

# Of each log stream, which a sandbox has: the newest lines, and at most twice as many.
KEPT_LINES = 10_000
_creating = threading.Lock()


def write_line(
    logs: Any, version: FunctionVersion, stream: str, line: str, moment: datetime
) -> None:
    """Write a line of a function to its log group, if there is one or the role may create it.

    Args:
        logs: moto's backend of CloudWatch Logs
    """
    if not _ensure_log_group(logs, version):
        return
    group = version.configuration.log_group
    logs.ensure_log_stream(group, stream)
    # Not by PutLogEvents, which refuses what is two hours ahead: modelled time soon is.
    event = {"timestamp": int(moment.timestamp() * 1000), "message": line}
    logs.groups[group].put_log_events(stream, [event])
    lines = logs.groups[group].streams[stream].events
    if len(lines) > 2 * KEPT_LINES:
        del lines[:-KEPT_LINES]


def _ensure_log_group(logs: Any, version: FunctionVersion) -> bool:
    """Whether a function's log group exists, if need be created now."""
    group = version.configuration.log_group
    if group in logs.groups:
        return True
    if not _may_create(version.configuration.role_arn, group):
        return False
    with _creating:
        if group not in logs.groups:
            logs.create_log_group(group, {})
    return True


def _may_create(role_arn: str, group: str) -> bool:
    if not role_arn or not group:
        return False
    here = environment()
    arn = here.arn("logs", f"log-group:{group}")
    role = Caller("logs", here.region, role_arn)
    try:
        role.require("logs:CreateLogGroup", arn)
        role.require("logs:CreateLogStream", f"{arn}:log-stream:")
        role.require("logs:PutLogEvents", f"{arn}:log-stream:")
    except AccessDenied:
        return False
    return True
