# SPDX-License-Identifier: MIT-0
"""Refusals: what of a stack cannot be deployed here, each in one line."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..errors import LocalError, UsageError
from ..functions.lambda_error import LambdaError
from .assembly import StackArtifact


@dataclass(frozen=True)
class Refusal:
    """One reason why a stack cannot be deployed here.

    Args:
        subject: a logical id, or the part of the template
        type: the type of the resource, if it is one
        path: the path of the construct that made it, as far as the assembly tells it
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
    """All refusals of a deployment, in the order in which they were found.

    Args:
        stack: the one whose resources are looked at
    """

    found: list[Refusal] = field(default_factory=list)
    stack: StackArtifact | None = None

    def of(self, stack: StackArtifact) -> "Refusals":
        """The same refusals, to which those of a stack are added."""
        return replace(self, stack=stack)

    def add(self, subject: str, reason: str, definition: Any = None) -> None:
        path = _path_in_template(definition)
        if not path and self.stack is not None:
            path = self.stack.construct_path(subject)
        path = path.removesuffix("/Resource")
        self.found.append(Refusal(subject, reason, _type(definition), path))

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
        """Record an error of a resource as its refusal."""
        try:
            yield
        except (LocalError, LambdaError, ClientError) as error:
            self.add(subject, str(error), definition)
        except (BotoCoreError, LookupError, ValueError, TypeError, AttributeError) as error:
            what = f"{type(error).__name__} {error}"
            self.add(subject, f"the template is broken: {what}", definition)


def _path_in_template(definition: Any) -> str:
    """The path that the CDK CLI has the CDK write into a resource's metadata."""
    metadata = definition.get("Metadata") if isinstance(definition, Mapping) else None
    return str(metadata.get("aws:cdk:path", "")) if isinstance(metadata, Mapping) else ""


def _type(definition: Any) -> str:
    return str(definition.get("Type", "")) if isinstance(definition, Mapping) else ""
