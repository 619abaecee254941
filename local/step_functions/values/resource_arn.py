# SPDX-License-Identifier: MIT-0
"""The Resource of a Task state: a function, an activity, or a service and what is called of it."""

import re
from dataclasses import dataclass

TOKEN, SYNC, SYNC_2 = "waitForTaskToken", "sync", "sync:2"

FUNCTION = re.compile(r"arn:[^:]+:lambda:[^:]+:\d+:function:.+")
ACTIVITY = re.compile(r"arn:[^:]+:states:[^:]+:\d+:activity:[^:]+")
_SERVICE = re.compile(
    r"arn:[^:]+:states:[^:]*:\d*:(?P<sdk>aws-sdk:)?(?P<service>[\w-]+):(?P<action>\w+)"
    r"(\.(?P<pattern>.+))?"
)


@dataclass(frozen=True)
class ServiceResource:
    """A call of a service.

    Args:
        service: as the ARN names it
        pattern: how the state waits: not at all, for a callback, or for the end of a job
        is_sdk: whether it is an SDK integration
    """

    service: str
    action: str
    pattern: str | None = None
    is_sdk: bool = False


def parse_service_resource(arn: str) -> ServiceResource | None:
    """The API call that a Resource names; None for a function, an activity or no ARN."""
    match = _SERVICE.fullmatch(arn)
    if match is None or ACTIVITY.fullmatch(arn):
        return None
    return ServiceResource(
        match["service"], match["action"], match["pattern"], match["sdk"] is not None
    )
