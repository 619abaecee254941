# SPDX-License-Identifier: MIT-0
"""How much work something is, in function calls: the same on a slow machine and on a busy one."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def calls(do: Callable[[], object]) -> int:
    """How many functions are called, of Python's and of C's, by this thread."""
    count = 0

    def profile(_frame: FrameType, event: str, _function: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        do()
    finally:
        sys.setprofile(before)
    return count
