# SPDX-License-Identifier: MIT-0
"""Cloud assemblies to test with: the real one, and copies of it in which something is changed."""

import fcntl
import json
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local.cloudformation.synthesis import synthesize
from local.environment import PROJECT


@contextmanager
def synthesizing() -> Iterator[None]:
    """Lock the project's cdk.out: no other process of the tests writes or reads it meanwhile."""
    lock = PROJECT / ".local" / "synthesis.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def variant(assembly: Path, directory: Path) -> Path:
    """A copy of an assembly that may be changed; an asset is first asked for by asset_with."""
    return link(assembly, directory / "cdk.out")


def synthesized(assembly: Path, directory: Path, context: dict[str, str]) -> Path:
    """As `cdk synth -c KEY=VALUE` makes it; the assets are there already."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CDK_CONTEXT_JSON", json.dumps(context))
        return synthesize(link(assembly, directory / "cdk.out"))


def link(assembly: Path, copy: Path) -> Path:
    """A copy of an assembly's files, and links to its assets: one of them is large."""
    copy.mkdir()
    for path in assembly.iterdir():
        if path.is_dir():
            (copy / path.name).symlink_to(path.resolve())
        else:
            shutil.copy(path, copy)
    return copy


def publish_again(assembly: Path) -> None:
    """Make every version of the assembly a new one, as CDK does when a function has changed."""

    def rename(template: str) -> str:
        return re.sub(r"(CurrentVersion\w{8})\w{32}", rf"\g<1>{uuid.uuid4().hex}", template)

    edit_template(assembly, rename)


def edit_template(assembly: Path, edit: Callable[[str], str]) -> None:
    [template] = assembly.glob("*.template.json")
    template.write_text(edit(template.read_text()))


def edit_resources(assembly: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    """Change the template's resources, by logical id."""

    def edit_text(text: str) -> str:
        document = json.loads(text)
        edit(document["Resources"])
        return json.dumps(document)

    edit_template(assembly, edit_text)


def edited(assembly: Path, directory: Path, edit: Callable[[dict[str, Any]], object]) -> Path:
    """A copy of an assembly with its template's resources changed."""
    copy = variant(assembly, directory)
    edit_resources(copy, edit)
    return copy


def heartbeat_of(seconds: int) -> Callable[[Path], None]:
    """A change to the state machine's definition, which stands in the template as text."""
    old, new = (rf"\"HeartbeatSeconds\":{number}" for number in (3600, seconds))
    return lambda assembly: edit_template(assembly, lambda text: text.replace(old, new))


def append(assembly: Path, module: str, code: str) -> None:
    """Add code to the end of a deployed module."""
    with (asset_with(assembly, module) / module).open("a") as file:
        file.write(code)


def find_asset(assembly: Path, name: str) -> Path:
    """The asset directory that holds a file or folder of that name, to be read alone.

    It is the original's place, for which compiled code is kept.
    """
    return _asset(assembly, name).resolve()


def _asset(assembly: Path, name: str) -> Path:
    manifest = json.loads(next(assembly.glob("*.assets.json")).read_text())
    paths = [assembly / str(file["source"]["path"]) for file in manifest["files"].values()]
    [directory] = [path for path in paths if (path / name).exists()]
    return directory


def asset_with(assembly: Path, name: str) -> Path:
    """The asset directory that holds a file or folder of that name, as the assembly's own."""
    directory = _asset(assembly, name)
    if directory.is_symlink():
        original = directory.resolve()
        directory.unlink()
        shutil.copytree(original, directory)
    return directory
