# SPDX-License-Identifier: MIT-0
"""The cloud assembly: what `cdk synth` writes and `cdk deploy` reads."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..environment import PROJECT
from ..errors import LocalError, UsageError

SYNTH_DEADLINE_SECONDS = 900


@dataclass(frozen=True)
class StackArtifact:
    """One stack of an assembly: its template, and its file assets by object key."""

    name: str
    directory: Path
    template: dict[str, Any]
    assets: dict[str, Path]


def search_path() -> str:
    """PATH for whoever imports aws_cdk: jsii starts `node`, which is beside this Python."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def synthesize(outdir: Path) -> Path:
    """Run the app, as the CDK's command line does, into a directory.

    Raises:
        LocalError: the app failed or took too long
    """
    environment = {**os.environ, "CDK_OUTDIR": str(outdir), "PATH": search_path()}
    try:
        finished = subprocess.run(
            [sys.executable, str(PROJECT / "app.py")],
            env=environment,
            capture_output=True,
            text=True,
            timeout=SYNTH_DEADLINE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise LocalError(f"app.py did not finish within {SYNTH_DEADLINE_SECONDS} s") from None
    if finished.returncode != 0:
        reason = (finished.stderr.strip() or "no message").splitlines()[-1]
        raise LocalError(f"app.py could not be synthesized: {reason}")
    return outdir


def read_stack(directory: Path) -> StackArtifact:
    """The one stack of a cloud assembly.

    Raises:
        UsageError: this is no cloud assembly, or it has not exactly one stack
    """
    # Sandboxes run in directories of their own, where a relative path leads nowhere.
    directory = directory.resolve()
    manifest = _read_json(directory / "manifest.json", f"{directory} is not a cloud assembly")
    try:
        return _stack_of(directory, manifest)
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{directory} is not a cloud assembly: {error} is missing") from None


def _stack_of(directory: Path, manifest: dict[str, Any]) -> StackArtifact:
    stacks = {
        name: artifact["properties"]
        for name, artifact in manifest["artifacts"].items()
        if artifact["type"] == "aws:cloudformation:stack"
    }
    if len(stacks) != 1:
        raise UsageError(f"{directory} holds {len(stacks)} stacks; one is supported here")
    [(artifact_id, properties)] = stacks.items()
    template_file = directory / properties["templateFile"]
    return StackArtifact(
        name=properties.get("stackName", artifact_id),
        directory=directory,
        template=_read_json(template_file, f"{template_file} is broken"),
        assets=_read_assets(directory, directory / f"{artifact_id}.assets.json"),
    )


def _read_assets(directory: Path, manifest: Path) -> dict[str, Path]:
    files = _read_json(manifest, f"{manifest} is broken").get("files", {})
    return {
        # Resolved, for the cache of bytecode: the layer is compiled once, whoever links to it.
        destination["objectKey"]: (directory / file["source"]["path"]).resolve()
        for file in files.values()
        if "path" in file["source"]
        for destination in file["destinations"].values()
    }


def _read_json(path: Path, problem: str) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise UsageError(f"{problem}: {error}") from None
    if not isinstance(content, dict):
        raise UsageError(f"{problem}: {path.name} holds no JSON object")
    return content
