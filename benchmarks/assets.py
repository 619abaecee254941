# SPDX-License-Identifier: MIT-0
"""The size of the deployed assets, and their share of Lambda's limits."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.cloudformation.assembly import StackArtifact, read_assembly
from local.cloudformation.synthesis import synthesize
from local.environment import PROJECT

from .report import Table

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_ZIPPED_BYTES = 50 * 2**20
MAX_UNPACKED_BYTES = 250 * 2**20


@dataclass(frozen=True)
class Size:
    """Bytes of one asset's files, and of the archive that it is deployed as."""

    unpacked: int
    zipped: int

    @classmethod
    def of(cls, directory: Path) -> "Size":
        files = [path for path in sorted(directory.rglob("*")) if path.is_file()]
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for file in files:
                packed.writestr(str(file.relative_to(directory)), file.read_bytes())
        return cls(sum(file.stat().st_size for file in files), archive.tell())

    def __add__(self, other: "Size") -> "Size":
        return Size(self.unpacked + other.unpacked, self.zipped + other.zipped)


def sizes(stack: StackArtifact) -> dict[str, Size]:
    """The assets of the functions and layers of a stack, by what they are deployed as."""
    deployed: dict[str, list[str]] = {}
    for resource in stack.template["Resources"].values():
        named = _asset(resource)
        if named:
            key, name = named
            deployed.setdefault(key, []).append(name)
    return {", ".join(names): Size.of(stack.assets[key]) for key, names in deployed.items()}


def _asset(resource: dict[str, Any]) -> tuple[str, str] | None:
    properties = resource.get("Properties", {})
    if resource["Type"] == "AWS::Lambda::Function":
        return properties["Code"]["S3Key"], properties["FunctionName"]
    if resource["Type"] == "AWS::Lambda::LayerVersion":
        return properties["Content"]["S3Key"], "layer"
    return None


def table(measured: dict[str, Size]) -> Table:
    """The sizes, and with the layer added the shares of the limits."""
    layer = measured["layer"]
    rows = [_row(name, size, size) for name, size in measured.items() if name == "layer"]
    rows += [_row(name, size, size + layer) for name, size in measured.items() if name != "layer"]
    return Table(
        ("asset", "files, bytes", "zip, bytes", "unpacked, with the layer", "zip"),
        tuple(rows),
        (
            "The shares are those of [Lambda's limits]"
            "(https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html): 250 MB "
            "unpacked for a function and its layers together; 50 MB for a zip that is uploaded "
            "to Lambda itself, which `cdk deploy` does not: it hands zips over through S3.",
        ),
    )


def _row(name: str, size: Size, together: Size) -> tuple[str, ...]:
    return (
        name,
        f"{size.unpacked:,}",
        f"{size.zipped:,}",
        f"{together.unpacked / MAX_UNPACKED_BYTES:.1%}",
        f"{size.zipped / MAX_ZIPPED_BYTES:.1%}",
    )


def figures() -> Iterator[Table]:
    yield table(sizes(read_assembly(synthesize(PROJECT / "cdk.out")).stacks[0]))
