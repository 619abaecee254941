# SPDX-License-Identifier: MIT-0
"""The functions of one account and region: their versions, aliases, layers and own policies."""

from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..environment import environment
from ..errors import LocalError
from ..iam.function_policy import InvokePermission
from .function import (
    LATEST,
    EventInvokeConfig,
    FunctionConfiguration,
    FunctionVersion,
    function_arn,
)
from .function_name import parse_function_name
from .lambda_error import LambdaError

# A function's name, and a version's number or an alias if that is what is meant.
Qualified = tuple[str, str | None]


class Functions:
    """Every function there is, by name and qualifier."""

    def __init__(self) -> None:
        self._versions: dict[str, dict[str, FunctionVersion]] = {}
        self._published: Counter[str] = Counter()
        self._permissions: defaultdict[Qualified, set[InvokePermission]] = defaultdict(set)
        self._invoke_configs: dict[Qualified, EventInvokeConfig] = {}
        self._layers: dict[str, Path] = {}

    def publish_layer(self, name: str, directory: Path) -> str:
        """Publish a layer and return the ARN of its version."""
        number = 1 + sum(arn.split(":")[-2] == name for arn in self._layers)
        arn = environment().arn("lambda", f"layer:{name}:{number}")
        self._layers[arn] = directory
        return arn

    def layer(self, arn: str) -> Path:
        """The directory of a layer version.

        Raises:
            LocalError: it was not published here
        """
        if arn not in self._layers:
            raise LocalError(f"the layer {arn} is not of this assembly")
        return self._layers[arn]

    def create_function(self, configuration: FunctionConfiguration) -> FunctionVersion:
        """Create a function, or replace what its $LATEST is. Published versions stay."""
        latest = FunctionVersion(LATEST, configuration)
        self._versions.setdefault(configuration.name, {})[LATEST] = latest
        return latest

    def publish_version(self, name: str) -> FunctionVersion:
        """Publish $LATEST under the next number."""
        self._published[name] += 1
        versions = self._versions[name]
        published = replace(versions[LATEST], number=str(self._published[name]))
        versions[published.number] = published
        return published

    def create_alias(self, name: str, alias: str, number: str) -> str:
        """Point an alias at a version and return the alias's ARN."""
        self._versions[name][alias] = self.version(name, number)
        return f"{function_arn(name)}:{alias}"

    def delete_version(self, arn: str) -> None:
        """Delete a published version; its number is not given again."""
        name, number = parse_function_name(arn, None)
        self._versions[name].pop(str(number), None)

    def add_permission(self, function_name: str, permission: InvokePermission) -> None:
        """Permit a principal to invoke a function, or the version or alias of its qualifier.

        Raises:
            LambdaError: there is none
        """
        self.version(function_name)
        self._permissions[parse_function_name(function_name, None)].add(permission)

    def remove_permission(self, function_name: str, permission: InvokePermission) -> None:
        self._permissions[parse_function_name(function_name, None)].discard(permission)

    def policy(self, name: str, qualifier: str | None) -> dict[str, Any] | None:
        """The own policy of a function, or of a version or alias; None if it has none."""
        permissions = self._permissions.get((name, qualifier))
        if not permissions:
            return None
        arn = function_arn(name) + (f":{qualifier}" if qualifier else "")
        return {"Statement": [each.statement(arn) for each in permissions]}

    def configure_invocation(
        self, name: str, qualifier: str, config: EventInvokeConfig | None
    ) -> None:
        """Set, or with None delete, how Lambda treats asynchronous invocations."""
        if config is None:
            self._invoke_configs.pop((name, qualifier), None)
        else:
            self.version(name, qualifier)
            self._invoke_configs[name, qualifier] = config

    def invoke_config(self, name: str, qualifier: str | None) -> EventInvokeConfig:
        """How Lambda treats asynchronous invocations of a function by a qualifier."""
        return self._invoke_configs.get((name, qualifier or LATEST), EventInvokeConfig())

    def invoke_configs(self, name: str) -> dict[str, EventInvokeConfig]:
        """Every configuration of a function's asynchronous invocations, by its qualifier."""
        return {
            str(qualifier): config
            for (function, qualifier), config in self._invoke_configs.items()
            if function == name
        }

    def version(self, function_name: str, qualifier: str | None = None) -> FunctionVersion:
        """The version that a name and a qualifier stand for; $LATEST without one.

        Raises:
            LambdaError: there is none
        """
        name, qualifier = parse_function_name(function_name, qualifier)
        version = self._versions.get(name, {}).get(qualifier or LATEST)
        if version is None:
            suffix = f":{qualifier}" if qualifier and qualifier != LATEST else ""
            raise LambdaError(
                "ResourceNotFoundException",
                404,
                f"Function not found: {function_arn(name)}{suffix}",
            )
        return version

    def versions(self, name: str) -> list[FunctionVersion]:
        """Every version of a function, $LATEST first."""
        self.version(name)
        return [
            version
            for qualifier, version in self._versions[name].items()
            if qualifier == version.number
        ]

    def latest(self) -> list[FunctionVersion]:
        """The $LATEST of every function."""
        return [versions[LATEST] for versions in self._versions.values()]
