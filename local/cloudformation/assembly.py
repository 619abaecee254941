# SPDX-License-Identifier: MIT-0
"""The cloud assembly: what `cdk synth` writes and `cdk deploy` reads."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from ..environment import DEFAULT_ENVIRONMENT, Environment
from ..errors import LocalError, UsageError

MANIFEST = "manifest.json"
# aws://ACCOUNT/REGION, each of which may be unknown to the CDK.
_ENVIRONMENT = re.compile(r"aws://([^/]+)/([^/]+)")
UNKNOWN = ("unknown-account", "unknown-region")


@dataclass(frozen=True)
class StackArtifact:
    """One stack of an assembly: its template, and its file assets by object key.

    Args:
        name: the name of the CloudFormation stack
        display_name: the path of the construct, such as Prod/Orders
        environment: the account and Region, as far as the manifest knows them
        dependencies: the ids of the artifacts that are deployed before it
        constructs: the logical ids of this stack and of those nested in it, by construct path
    """

    id: str
    name: str
    directory: Path
    template: dict[str, Any]
    assets: Mapping[str, Path]
    display_name: str = ""
    environment: Environment = DEFAULT_ENVIRONMENT
    dependencies: tuple[str, ...] = ()
    constructs: Mapping[str, str] = field(default_factory=dict)

    def construct_path(self, logical_id: str) -> str:
        """The path of the construct that made a resource; empty where the assembly tells none."""
        # Nested stacks may have the same logical ids, below longer paths.
        paths = (path for path, made in self.constructs.items() if made == logical_id)
        return min(paths, key=len, default="")

    def nested(self, logical_id: str, definition: Mapping[str, Any]) -> "StackArtifact":
        """The nested stack of a resource, whose template and assets are beside this one's.

        Raises:
            LocalError: the assembly has no template for it
        """
        template_file = self._nested_template(definition)
        if template_file is None or not template_file.is_file():
            raise LocalError("the property TemplateURL names no template of this assembly")
        # The CDK makes the resource of the nested stack P/A in P/A.NestedStack, beside it.
        below = self.construct_path(logical_id).rpartition(".NestedStack/")[0] + "/"
        return replace(
            self,
            id=f"{self.id}/{logical_id}",
            name=f"{self.name}-{logical_id}",
            template=read_json(template_file, f"{template_file} is broken"),
            dependencies=(),
            constructs={
                path: made for path, made in self.constructs.items() if path.startswith(below)
            },
        )

    def _nested_template(self, definition: Mapping[str, Any]) -> Path | None:
        """The file that the CDK CLI's metadata names, or whose object key ends the URL."""
        path = definition.get("Metadata", {}).get("aws:asset:path")
        if path:
            return self.directory / str(path)
        url = json.dumps(definition.get("Properties", {}).get("TemplateURL"))
        return next((file for key, file in self.assets.items() if f"/{key}" in url), None)


@dataclass(frozen=True)
class Assembly:
    """A cloud assembly: its stacks, each after those that it depends on."""

    directory: Path
    stacks: tuple[StackArtifact, ...] = field(default=())

    @property
    def names(self) -> str:
        """The names of the stacks, in one text."""
        return ", ".join(sorted(stack.name for stack in self.stacks))

    @property
    def environment(self) -> Environment:
        """The account and Region of all stacks.

        Raises:
            UsageError: they have several; one endpoint is in one account and Region
        """
        found = {stack.environment for stack in self.stacks}
        if len(found) > 1:
            places = ", ".join(
                f"{stack.display_name} in {stack.environment.account}/{stack.environment.region}"
                for stack in self.stacks
            )
            raise UsageError(f"choose stacks of one account and Region with --stack: {places}")
        return next(iter(found))

    def select(self, pattern: str | None) -> "Assembly":
        """The assembly with those stacks alone whose name matches a glob pattern.

        Raises:
            UsageError: no stack matches
        """
        if pattern is None:
            return self
        stacks = tuple(
            stack
            for stack in self.stacks
            if fnmatchcase(stack.display_name, pattern) or fnmatchcase(stack.name, pattern)
        )
        if not stacks:
            names = ", ".join(stack.display_name for stack in self.stacks)
            raise UsageError(f"no stack matches {pattern}; {self.directory} has {names}")
        return Assembly(self.directory, stacks)


def read_assembly(directory: Path) -> Assembly:
    """The cloud assembly in a directory, with those of its stages.

    Raises:
        UsageError: the directory is no cloud assembly, or has no stack
    """
    directory = assembly_directory(directory)
    try:
        stacks = {stack.id: stack for stack in _stacks(directory)}
    except KeyError as error:
        raise UsageError(f"{_no_assembly(directory)}: {error} is missing in its files") from None
    except (TypeError, AttributeError):
        raise UsageError(f"{_no_assembly(directory)}: its files have another form") from None
    if not stacks:
        raise UsageError(f"{directory} has no stack")
    graph = {name: set(stack.dependencies) & set(stacks) for name, stack in stacks.items()}
    order = TopologicalSorter(graph).static_order()
    return Assembly(directory, tuple(stacks[name] for name in order))


def assembly_directory(directory: Path) -> Path:
    """The absolute path of a directory with a manifest.

    Sandboxes run in directories of their own, where a relative path leads nowhere.

    Raises:
        UsageError: it has no manifest, or is no directory
    """
    try:
        absolute = directory.resolve()
        has_manifest = (absolute / MANIFEST).is_file()
    # Links in a circle are a RuntimeError before Python 3.13, a zero byte is a ValueError.
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no path of a directory"
        raise UsageError(f"{_no_assembly(directory)}: {reason}") from None
    if not has_manifest:
        raise UsageError(f"{_no_assembly(absolute)}: it has no {MANIFEST}")
    return absolute


def _no_assembly(directory: Path) -> str:
    return f"{directory} is not a cloud assembly, which `cdk synth` writes, by default to cdk.out"


def _stacks(directory: Path) -> Iterator[StackArtifact]:
    manifest = read_json(directory / MANIFEST, _no_assembly(directory))
    for artifact_id, artifact in manifest["artifacts"].items():
        if artifact["type"] == "aws:cloudformation:stack":
            yield _stack(directory, artifact_id, artifact)
        elif artifact["type"] == "cdk:cloud-assembly":
            yield from _stacks(directory / artifact["properties"]["directoryName"])


def _stack(directory: Path, artifact_id: str, artifact: dict[str, Any]) -> StackArtifact:
    properties = artifact["properties"]
    template_file = directory / properties["templateFile"]
    return StackArtifact(
        id=artifact_id,
        name=properties.get("stackName", artifact_id),
        directory=directory,
        template=read_json(template_file, f"{template_file} is broken"),
        assets=_assets(directory, directory / f"{artifact_id}.assets.json"),
        display_name=artifact.get("displayName", artifact_id),
        environment=_environment(artifact.get("environment", "")),
        dependencies=tuple(artifact.get("dependencies", ())),
        constructs=_constructs(directory, artifact),
    )


def _constructs(directory: Path, artifact: Mapping[str, Any]) -> dict[str, str]:
    """The logical ids by construct path, from the metadata of a stack.

    They only name what is refused: metadata that is missing or broken is no error.
    """
    file = artifact.get("additionalMetadataFile")
    try:
        # Older versions of the CDK write it into the manifest.
        metadata = json.loads((directory / file).read_text()) if file else artifact["metadata"]
        return {
            path.removeprefix("/"): entry["data"]
            for path, entries in metadata.items()
            for entry in entries
            if entry["type"] == "aws:cdk:logicalId"
        }
    except (OSError, LookupError, ValueError, TypeError, AttributeError):
        return {}


def _environment(text: str) -> Environment:
    match = _ENVIRONMENT.fullmatch(text)
    account, region = (match[1], match[2]) if match else UNKNOWN
    return Environment(
        DEFAULT_ENVIRONMENT.account if account in UNKNOWN else account,
        DEFAULT_ENVIRONMENT.region if region in UNKNOWN else region,
    )


def _assets(directory: Path, manifest: Path) -> dict[str, Path]:
    files = read_json(manifest, f"{manifest} is broken").get("files", {})
    return {
        # Links are resolved, so that a layer has one path and is compiled once.
        destination["objectKey"]: (directory / file["source"]["path"]).resolve()
        for file in files.values()
        if "path" in file["source"]
        for destination in file["destinations"].values()
    }


def read_json(path: Path, problem: str) -> dict[str, Any]:
    """The JSON object in a file.

    Raises:
        UsageError: there is none; the message begins with the problem
    """
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise UsageError(f"{problem}: {error}") from None
    if not isinstance(content, dict):
        raise UsageError(f"{problem}: {path.name} holds no JSON object")
    return content
