# SPDX-License-Identifier: MIT-0
"""AWS's API at an endpoint of this process, for inspect_execution."""

from inspect_execution.reading.aws_api import aws_cli
from inspect_execution.reading.following_api import FollowingApi

from .endpoint import Endpoint


def aws_api(endpoint: Endpoint, *, stays_up: bool = False) -> FollowingApi:
    """AWS's API at an endpoint on this machine.

    Args:
        stays_up: whether a user's command can reach it after what is read has been shown
    """
    clients = (endpoint.client(service) for service in ("stepfunctions", "lambda", "logs"))
    states, lambda_, logs = clients
    command = aws_cli(endpoint.environment.region, endpoint.url) if stays_up else ""
    return FollowingApi(states, lambda_, endpoint.url, logs, command)
