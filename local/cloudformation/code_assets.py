# SPDX-License-Identifier: MIT-0
"""The assets that a template names: code, layers and definitions."""

import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..environment import PROJECT
from ..errors import LocalError
from .assembly import StackArtifact
from .zips import extract

# Named by their content and the version: what another run has unpacked is the same.
UNPACKED_ASSETS = PROJECT / ".local" / "assets"
# To be raised with each change of what is unpacked: what older code has unpacked stays there.
UNPACKING_VERSION = 3


def asset_directory(stack: StackArtifact, location: Mapping[str, Any]) -> Path:
    """The directory of a code or layer asset.

    Raises:
        LocalError: the assembly has no such asset, or its zip is broken
    """
    if "ZipFile" in location:
        return _inline_code(str(location["ZipFile"]))
    key = location.get("S3Key", "")
    path = _asset(stack, key)
    if path.is_dir():
        # Links are resolved, so that an asset has one path: the cache of bytecode is kept by path.
        return path.resolve()
    try:
        return _unpacked(path.read_bytes(), extract)
    except (zipfile.BadZipFile, RuntimeError, ValueError, OSError) as error:
        raise LocalError(f"the asset {key} cannot be unpacked: {error}") from None


def asset_text(stack: StackArtifact, key: str) -> str:
    """The text of a file asset.

    Raises:
        LocalError: the assembly has no such asset, or it is not a text in UTF-8
    """
    path = _asset(stack, key)
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LocalError(f"the asset {key} cannot be read: {error}") from None


def _asset(stack: StackArtifact, key: str) -> Path:
    path = stack.assets.get(key)
    if path is None or not path.exists():
        raise LocalError(f"the assembly has no asset {key}")
    return path


def _inline_code(source: str) -> Path:
    """A directory with the module index, which holds the code of the template."""
    return _unpacked(source.encode(), _write_index)


def _write_index(code: bytes, directory: Path) -> None:
    (directory / "index.py").write_bytes(code)


def _unpacked(content: bytes, unpack: Callable[[bytes, Path], None]) -> Path:
    """The directory of this content, which is whole from the first and is never written again.

    Sandboxes of other processes import from it: they must not find half of a module.
    """
    directory = UNPACKED_ASSETS / f"{hashlib.sha256(content).hexdigest()}-{UNPACKING_VERSION}"
    if directory.is_dir():
        return directory
    UNPACKED_ASSETS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=UNPACKED_ASSETS) as temporary:
        whole = Path(temporary) / "whole"
        whole.mkdir()
        unpack(content, whole)
        try:
            whole.rename(directory)
        except OSError:
            # Another process may have been faster.
            if not directory.is_dir():
                raise
    return directory
