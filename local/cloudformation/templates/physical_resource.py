# SPDX-License-Identifier: MIT-0
"""A physical resource: its Ref, its attributes, and the parts that are deleted with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class Removable(Protocol):
    """Something at the endpoint that is deleted when the template no longer has it.

    Equal ones are the same thing: a template that still has it keeps it.
    """

    def delete(self, endpoint: Any) -> None: ...


@dataclass(frozen=True)
class PhysicalResource:
    """A created resource.

    Args:
        ref: the value of Ref
        attributes: the values of Fn::GetAtt
        removables: what is deleted when an update takes the resource out of the template
    """

    ref: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    removables: tuple[Removable, ...] = ()
