# SPDX-License-Identifier: MIT-0
"""AWS's API at an endpoint of this process, for inspect_execution."""

from inspect_execution.reading.following_api import FollowingApi

from .endpoint import Endpoint


def aws_api(endpoint: Endpoint) -> FollowingApi:
    """AWS's API at an endpoint on this machine."""
    clients = (endpoint.client(service) for service in ("stepfunctions", "lambda", "logs"))
    states, lambda_, logs = clients
    return FollowingApi(states, lambda_, endpoint.url, logs)
