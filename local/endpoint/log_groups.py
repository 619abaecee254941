# SPDX-License-Identifier: MIT-0
"""The log groups of functions: Lambda makes one at the first line, if the function's role may.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
"""

import threading
from typing import Any

from ..environment import environment
from ..functions.function import FunctionVersion
from ..iam.caller import AccessDenied, Caller

_creating = threading.Lock()


def ensure_log_group(logs: Any, version: FunctionVersion) -> bool:
    """Whether a function's log group exists, if need be created now.

    Args:
        logs: moto's backend of CloudWatch Logs
    """
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
