# SPDX-License-Identifier: MIT-0
"""The call of a service that deletes a resource."""

import json
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from ...endpoint.endpoint import Endpoint

# How services say that something is not there, or no longer.
_GONE = ("NotFound", "NoSuch", "NonExistent", "DoesNotExist")


@dataclass(frozen=True)
class DeleteCall:
    """A call that deletes a resource, if it is still there.

    Args:
        parameters: those of the call, as JSON text
    """

    service: str
    operation: str
    parameters: str

    def delete(self, endpoint: Endpoint) -> None:
        try:
            getattr(endpoint.client(self.service), self.operation)(**json.loads(self.parameters))
        except ClientError as error:
            if not any(each in error.response["Error"]["Code"] for each in _GONE):
                raise

    def __str__(self) -> str:
        return f"{self.service} {self.operation} {self.parameters}"


def delete_call(service: str, operation: str, **parameters: Any) -> DeleteCall:
    """The call of one operation of a client of boto3's."""
    return DeleteCall(service, operation, json.dumps(parameters))
