# SPDX-License-Identifier: MIT-0
"""DescribeStacks: the deployed stacks with their outputs. moto's own would import most of moto."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from moto.core.exceptions import ServiceException
from moto.core.serialize import QuerySerializer
from moto.core.utils import get_service_model
from werkzeug.wrappers import Response

DESCRIBE_STACKS = "DescribeStacks"


@dataclass
class Stacks:
    """The stacks that stand at an endpoint, by name."""

    _stacks: dict[str, "_Stack"] = field(default_factory=dict)

    def deployed(self, name: str, arn: str, outputs: Mapping[str, str]) -> None:
        """Note that a stack is created, or updated."""
        known = self._stacks.get(name)
        created = known.created if known else datetime.now(UTC)
        self._stacks[name] = _Stack(name, arn, outputs, created, is_updated=known is not None)

    def describe(self, name: str | None) -> Response:
        """The answer about one stack, by name or ARN, or about all that there are."""
        found = [each for each in self._stacks.values() if name in (None, each.name, each.arn)]
        if name and not found:
            return _answer(_NoSuchStack(f"Stack with id {name} does not exist"))
        return _answer({"Stacks": [stack.described() for stack in found]})


@dataclass(frozen=True)
class _Stack:
    name: str
    arn: str
    outputs: Mapping[str, str]
    created: datetime
    is_updated: bool

    def described(self) -> dict[str, object]:
        return {
            "StackName": self.name,
            "StackId": self.arn,
            "StackStatus": "UPDATE_COMPLETE" if self.is_updated else "CREATE_COMPLETE",
            "CreationTime": self.created,
            "Outputs": [
                {"OutputKey": key, "OutputValue": value} for key, value in self.outputs.items()
            ],
        }


class _NoSuchStack(ServiceException):
    code = "ValidationError"


def _answer(result: object) -> Response:
    operation = get_service_model("cloudformation").operation_model(DESCRIBE_STACKS)
    answer = QuerySerializer(operation).serialize(result)
    return Response(answer["body"], answer["status_code"], answer["headers"])
