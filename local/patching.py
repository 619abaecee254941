# SPDX-License-Identifier: MIT-0
"""The registry of patches: each closes one gap of a library, and names the test that watches it.

Prefer a seam: a subclass, or an object that the library takes. Patch where it has neither.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MOTO = "moto 5.2.5"
BOTOCORE = "botocore 1.44.8"
DURABLE_TESTING = "aws-durable-execution-sdk-python-testing 1.4.0"


@dataclass(frozen=True, eq=False)
class Patch:
    """One gap of a library and what closes it.

    Args:
        owner: the class or module whose attribute is replaced
        attribute: its name
        replace: makes the replacement from the library's own attribute
        gap: what the library does wrong, in one sentence
        probe: the function of tests/local/library_gaps.py that looks for the gap in the library
        release: the library's release in which the gap was seen
    """

    owner: Any
    attribute: str
    replace: Callable[[Any], Any]
    gap: str
    probe: str
    release: str


# In the order of import: a later patch of the same attribute wraps an earlier one.
PATCHES: list[Patch] = []
_applied: set[Patch] = set()


def apply_patches() -> None:
    """Apply every patch of the modules imported so far, once in the life of the process."""
    for patch in PATCHES:
        if patch not in _applied:
            _applied.add(patch)
            original = getattr(patch.owner, patch.attribute, None)
            setattr(patch.owner, patch.attribute, patch.replace(original))


def replacing(
    owner: Any, attribute: str, *, gap: str, probe: str, release: str = MOTO
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated function as the replacement of a library's function."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        PATCHES.append(Patch(owner, attribute, lambda _: function, gap, probe, release))
        return function

    return register


def wrapping(
    owner: Any, attribute: str, *, gap: str, probe: str, release: str = MOTO
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated function, which takes the library's own as its first argument."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        def replace(original: Any) -> Any:
            # A function, not a partial: only a function becomes a method.
            @functools.wraps(original)
            def wrapper(*args: Any, **kwargs: Any) -> Any:
                return function(original, *args, **kwargs)

            return wrapper

        PATCHES.append(Patch(owner, attribute, replace, gap, probe, release))
        return function

    return register


def setting(
    owner: Any, attribute: str, value: Any, *, gap: str, probe: str, release: str = MOTO
) -> None:
    """Register a value, such as a subclass, in the place of a library's own."""
    PATCHES.append(Patch(owner, attribute, lambda _: value, gap, probe, release))
