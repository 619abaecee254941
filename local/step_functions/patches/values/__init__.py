# SPDX-License-Identifier: MIT-0
"""Patches of the values that states read, compare and pass on, one module a topic."""

from . import choices, encoding, fail_states, intrinsics, maps, paths, ranges, timestamps

__all__ = [
    "choices",
    "encoding",
    "fail_states",
    "intrinsics",
    "maps",
    "paths",
    "ranges",
    "timestamps",
]
