# SPDX-License-Identifier: MIT-0
"""The registry of the gaps of libraries: what closes each, and the probe that watches it.

Prefer a seam: a subclass, whose methods are registered with `closing`, or an object that the
library takes. Patch where it has neither. tests/unit/project/test_replacements.py finds
what is replaced outside of this registry. What libraries keep for a whole process is listed in
shared_state.py.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

MOTO = "moto 5.2.5"
BOTOCORE = "botocore 1.44.8"
DURABLE_TESTING = "aws-durable-execution-sdk-python-testing 1.4.0"
JSONATA = "jsonata-python 0.7.1"
T = TypeVar("T")


@dataclass(frozen=True, eq=False, kw_only=True)
class ClosedGap:
    """One gap of a library.

    Args:
        gap: what the library does wrong, in one sentence
        probe: the function in tests/local/gaps/ that looks for the gap in the library
        release: the library's release in which the gap was seen
    """

    gap: str
    probe: str
    release: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Override(ClosedGap):
    """A gap that a seam of the library lets a subclass close.

    Args:
        by: the method or the class that closes it
    """

    by: Any


@dataclass(frozen=True, eq=False, kw_only=True)
class Patch(ClosedGap):
    """A gap that a replacement of a part of the library closes.

    Args:
        owner: the class, module or dictionary that the part is in
        attribute: its name, or its key in a dictionary
        replace: makes the replacement from the library's own part, or from None if it has none
    """

    owner: Any
    attribute: str
    replace: Callable[[Any], Any]

    def apply(self) -> None:
        """Replace the part."""
        if isinstance(self.owner, dict):
            self.owner[self.attribute] = self.replace(self.owner.get(self.attribute))
        else:
            original = getattr(self.owner, self.attribute, None)
            setattr(self.owner, self.attribute, self.replace(original))


OVERRIDES: list[Override] = []
# In the order of import: a later patch of the same attribute wraps an earlier one.
PATCHES: list[Patch] = []
_applied: set[Patch] = set()


def apply_patches() -> None:
    """Apply every patch of the modules imported so far, once in the life of the process."""
    for patch in PATCHES:
        if patch not in _applied:
            _applied.add(patch)
            patch.apply()


def closing(*, gap: str, probe: str, release: str = MOTO) -> Callable[[T], T]:
    """Register the decorated method or subclass as what closes a gap."""

    def register(by: T) -> T:
        OVERRIDES.append(Override(by=by, gap=gap, probe=probe, release=release))
        return by

    return register


def replacing(
    owner: Any, attribute: str, *, gap: str, probe: str, release: str = MOTO
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated function as the replacement of a library's function."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        setting(owner, attribute, function, gap=gap, probe=probe, release=release)
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

        _register(owner, attribute, replace, gap, probe, release)
        return function

    return register


def setting(
    owner: Any, attribute: str, value: Any, *, gap: str, probe: str, release: str = MOTO
) -> None:
    """Register a value, such as a subclass, in the place of a library's own."""
    _register(owner, attribute, lambda _: value, gap, probe, release)


def _register(
    owner: Any, attribute: str, replace: Callable[[Any], Any], gap: str, probe: str, release: str
) -> None:
    PATCHES.append(
        Patch(
            owner=owner,
            attribute=attribute,
            replace=replace,
            gap=gap,
            probe=probe,
            release=release,
        )
    )
