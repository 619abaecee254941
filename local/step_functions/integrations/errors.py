# SPDX-License-Identifier: MIT-0
"""The name and the cause of a Task state's error, for an error of the service that it calls.

The names are those of the exceptions of AWS's SDKs for Java: version 1 for optimized integrations,
version 2 for SDK integrations. Both are recorded from the service.
"""

import uuid
from dataclasses import dataclass

from botocore.exceptions import ClientError

_DENIED = ("AccessDenied", "AccessDeniedException")


class TaskError(Exception):
    """Why a Task state has failed: the error's name for Catch and Retry, and its cause."""

    def __init__(self, error: str, cause: str) -> None:
        super().__init__(error)
        self.error = error
        self.cause = cause


@dataclass(frozen=True)
class ErrorNames:
    """How an integration names the errors of one service.

    Args:
        prefix: what each name begins with
        service: the service in a cause
        base: the exception of all errors that the service's model does not have
        is_sdk: whether it is an SDK integration
    """

    prefix: str
    service: str
    base: str
    is_sdk: bool = False

    @classmethod
    def of_sdk(cls, prefix: str) -> "ErrorNames":
        return cls(prefix, prefix, f"{prefix}Exception", is_sdk=True)

    def task_error(self, error: ClientError) -> TaskError:
        """The error of a Task state whose call was answered with this one."""
        metadata = error.response.get("ResponseMetadata", {})
        details = {
            "Service": self.service,
            "Status Code": metadata.get("HTTPStatusCode"),
            "Error Code": error.response["Error"]["Code"],
            "Request ID": metadata.get("RequestId") or uuid.uuid4(),
            "Proxy": "null",
        }
        if self.is_sdk:
            del details["Error Code"], details["Proxy"]
            if metadata.get("HostId"):
                details["Extended Request ID"] = metadata["HostId"]
        separator = ", " if self.is_sdk else "; "
        shown = separator.join(f"{name}: {value}" for name, value in details.items())
        message = error.response["Error"].get("Message", "")
        return TaskError(f"{self.prefix}.{self._exception(error)}", f"{message} ({shown})")

    def _exception(self, error: ClientError) -> str:
        # boto3 raises a class of its own for each error of the service's model. For a denied call,
        # users see the base exception of services whose newer operations have one for it, too.
        name = type(error).__name__
        if type(error) is ClientError or name in _DENIED:
            return self.base
        return name if name.endswith("Exception") else f"{name}Exception"
