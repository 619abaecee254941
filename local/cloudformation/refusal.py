# SPDX-License-Identifier: MIT-0
"""Refusals: what of a stack cannot be deployed here, each in one line."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..errors import LocalError, UsageError
from ..functions.lambda_error import LambdaError


@dataclass(frozen=True)
class Refusal:
    """One reason why a stack cannot be deployed here.

    Args:
        subject: a logical id, or the part of the template
        type: the type of the resource, if it is one
        path: the path of the construct that made it, from its metadata
    """

    subject: str
    reason: str
    type: str = ""
    path: str = ""

    def __str__(self) -> str:
        type_ = f" ({self.type})" if self.type else ""
        path = f", construct {self.path}" if self.path else ""
        return f"{self.subject}{type_}{path}: {self.reason}"


@dataclass
class Refusals:
    """All refusals of a deployment, in the order in which they were found."""

    found: list[Refusal] = field(default_factory=list)

    def add(self, subject: str, reason: str, definition: Any = None) -> None:
        self.found.append(Refusal(subject, reason, _type(definition), construct_path(definition)))

    def raise_any(self) -> None:
        """Raise all refusals as one error.

        Raises:
            UsageError: there is at least one
        """
        if self.found:
            lines = list(dict.fromkeys(map(str, self.found)))
            if len(lines) == 1:
                raise UsageError(lines[0])
            raise UsageError("\n  ".join([f"{len(lines)} refusals:", *lines]))

    @contextmanager
    def collect(self, subject: str, definition: Any = None) -> Iterator[None]:
        """Take whatever goes wrong with a resource as a refusal of it."""
        try:
            yield
        except (LocalError, LambdaError, ClientError) as error:
            self.add(subject, str(error), definition)
        except (BotoCoreError, LookupError, ValueError, TypeError, AttributeError) as error:
            what = f"{type(error).__name__} {error}"
            self.add(subject, f"the template is broken: {what}", definition)


def construct_path(definition: Any) -> str:
    """The path that the CDK writes into a resource's metadata, without its last part."""
    metadata = definition.get("Metadata") if isinstance(definition, Mapping) else None
    path = metadata.get("aws:cdk:path", "") if isinstance(metadata, Mapping) else ""
    return str(path).removesuffix("/Resource")


def _type(definition: Any) -> str:
    return str(definition.get("Type", "")) if isinstance(definition, Mapping) else ""
