# SPDX-License-Identifier: MIT-0
"""Resources of a template, their types, and what they are created in."""

import hashlib
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..endpoint.endpoint import Endpoint
from ..environment import PROJECT
from ..errors import LocalError
from ..functions.function import FunctionVersion
from ..functions.registry import Functions
from .assembly import StackArtifact
from .removable import Removable
from .template import PhysicalResource

# Assets are named by their content, so one unpacked for another run is the same.
UNPACKED_ASSETS = PROJECT / ".local" / "assets"


@dataclass(frozen=True)
class Resource:
    """One resource of a template, its properties resolved."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    is_retained: bool = False
    # What it is since an earlier deployment.
    existing: PhysicalResource | None = None

    def of(self, name: str, default: Any = None) -> Any:
        return self.properties.get(name, default)


@dataclass(frozen=True)
class StackContext:
    """Where resources are created, and what is remembered of them."""

    stack: StackArtifact
    endpoint: Endpoint
    state_machine_arns: list[str]
    versions: list[FunctionVersion]
    removable: set[Removable]

    @property
    def functions(self) -> Functions:
        return self.endpoint.lambda_service.functions

    def name(self, resource: Resource, name_property: str) -> str:
        """The name a template gives, or one made of the stack's and the logical id."""
        return str(resource.of(name_property) or f"{self.stack.name}-{resource.logical_id}")

    def asset(self, location: Mapping[str, Any]) -> Path:
        """The directory of a code or layer asset."""
        if "ZipFile" in location:
            return _inline_code(str(location["ZipFile"]))
        key = location.get("S3Key", "")
        path = self.stack.assets.get(key)
        if path is None or not path.exists():
            raise LocalError(f"the assembly has no asset {key}")
        if path.is_dir():
            # One asset is one place, whatever leads to it: compiled code is kept by its place.
            return path.resolve()
        directory = UNPACKED_ASSETS / path.stem
        try:
            with zipfile.ZipFile(path) as archive:
                archive.extractall(directory)
        except zipfile.BadZipFile as error:
            raise LocalError(f"the asset {key} cannot be unpacked: {error}") from None
        return directory


def _inline_code(source: str) -> Path:
    """A directory with the code that stands in the template: it is a module named index."""
    directory = UNPACKED_ASSETS / hashlib.sha256(source.encode()).hexdigest()
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "index.py").write_text(source)
    return directory


@dataclass(frozen=True)
class ResourceType:
    """How one type is created, the properties that takes, and those that change nothing here."""

    create: Callable[[Resource, StackContext], PhysicalResource]
    used: frozenset[str]
    without_effect: frozenset[str]
    required: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        create: Callable[[Resource, StackContext], PhysicalResource],
        used: str,
        without_effect: str = "",
    ) -> "ResourceType":
        """From lists of names; in that of the used ones, those that are required have a `!`."""
        names = used.split()
        return cls(
            create,
            frozenset(name.rstrip("!") for name in names),
            frozenset(without_effect.split()),
            tuple(name.rstrip("!") for name in names if name.endswith("!")),
        )
