# SPDX-License-Identifier: MIT-0
"""The commands of the AWS CLI that do what the console does."""

import shlex

from ..endpoint.endpoint import Endpoint


def aws_command(endpoint: Endpoint, service: str, operation: str, **options: str) -> str:
    """The command, with an option for each argument that is not empty.

    Args:
        options: by their names with underscores; an argument in capitals is a placeholder
    """
    parts = ["aws", "--endpoint-url", endpoint.url, service, operation]
    for name, value in options.items():
        if value:
            parts += [f"--{name.replace('_', '-')}", shlex.quote(value)]
    return " ".join(parts)
