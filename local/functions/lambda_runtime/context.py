# SPDX-License-Identifier: MIT-0
"""The second argument of a handler.

https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
"""

import os
import time
from typing import Any

from local.functions.lambda_runtime.logs import write_event


class _Record:
    """An object with the given attributes, None where the values have none."""

    def __init__(self, names: tuple[str, ...], values: dict[str, Any]) -> None:
        for name in names:
            setattr(self, name, values.get(name))

    def __repr__(self) -> str:
        return f"([{','.join(f'{name}={value}' for name, value in vars(self).items())}])"


class CognitoIdentity(_Record):
    """The caller's Cognito identity: none here."""

    def __init__(self) -> None:
        super().__init__(("cognito_identity_id", "cognito_identity_pool_id"), {})


class ClientContext(_Record):
    """What the caller said about itself."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(("custom", "env", "client"), values)
        client = values.get("client")
        self.client = None if client is None else Client(client)


class Client(_Record):
    """The app that calls."""

    def __init__(self, values: dict[str, Any]) -> None:
        names = ("installation_id", "app_title", "app_version_name", "app_version_code")
        super().__init__((*names, "app_package_name"), values)


class LambdaContext:
    """What a handler can know about its invocation.

    Args:
        invocation: `request_id`, `invoked_function_arn`, `timeout_seconds` and `client_context`,
            which is an object or None
    """

    def __init__(self, invocation: dict[str, Any]) -> None:
        client_context = invocation.get("client_context")
        self.aws_request_id: str = invocation["request_id"]
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn: str = invocation["invoked_function_arn"]
        self.tenant_id = None
        self.client_context = None if client_context is None else ClientContext(client_context)
        self.identity = CognitoIdentity()
        self._deadline = time.time() + invocation["timeout_seconds"]

    def get_remaining_time_in_millis(self) -> int:
        """The milliseconds until the function times out."""
        return max(0, int((self._deadline - time.time()) * 1000))

    def w3c(self) -> dict[str, str]:
        """The trace context of the invocation: none here."""
        return {}

    def log(self, message: Any) -> None:
        """Write to the log, without a format."""
        write_event(str(message))
