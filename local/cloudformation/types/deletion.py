# SPDX-License-Identifier: MIT-0
"""The deletion of a resource by a call of its service."""

import json
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from ...endpoint.endpoint import Endpoint

# How services say that something is not there, or no longer.
_GONE = ("NotFound", "NoSuch", "NonExistent", "DoesNotExist")


@dataclass(frozen=True)
class Deletion:
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


def deletion(service: str, operation: str, **parameters: Any) -> Deletion:
    """The deletion by one operation of a client of boto3's."""
    return Deletion(service, operation, json.dumps(parameters))
