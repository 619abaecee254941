# SPDX-License-Identifier: MIT-0
"""Patches of the values that states read, compare and pass on, one module a topic.

Imports moto; failure, intrinsics, services, validation and values of step_functions, and patching.
"""

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
