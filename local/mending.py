# SPDX-License-Identifier: MIT-0
"""How functions of moto are replaced: once, however often this process mends them."""

from collections.abc import Callable
from typing import Any


def unmended(function: Callable[..., Any]) -> Callable[..., Any]:
    """moto's own function, whether or not it stands replaced."""
    original: Callable[..., Any] = getattr(function, "unmended", function)
    return original


def mended(function: Callable[..., Any], original: Callable[..., Any]) -> Callable[..., Any]:
    """A replacement that remembers what it replaces."""
    function.unmended = original  # type: ignore[attr-defined]
    return function
