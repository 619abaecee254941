# SPDX-License-Identifier: MIT-0
"""Patches of the values that states read, compare and pass on, one module a topic."""

from . import encoding, intrinsics, maps, paths, timestamps

__all__ = ["encoding", "intrinsics", "maps", "paths", "timestamps"]
