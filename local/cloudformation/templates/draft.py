# SPDX-License-Identifier: MIT-0
"""A template before its resources are created: values that are unknown are placeholders."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...errors import LocalError
from .intrinsics import resolve_intrinsics
from .template import Template

# In place of every value that is not known yet. Most definitions ask for an ARN.
UNKNOWN_NAME = "unknown-before-deployment"
UNKNOWN = f"arn:aws:lambda:us-east-1:123456789012:function:{UNKNOWN_NAME}"


@dataclass(frozen=True)
class Draft:
    """The names of a template, of which those that are not known yet stand for UNKNOWN."""

    template: Template

    @property
    def region(self) -> str:
        return self.template.region

    def resolve(self, value: Any) -> Any:
        """The value with every intrinsic function in it resolved.

        Raises:
            LocalError: a function is not supported here, or a condition is not known yet
        """
        return resolve_intrinsics(value, self)

    def ref(self, name: str) -> Any:
        return _known(lambda: self.template.ref(name))

    def attribute(self, logical_id: str, attribute: str) -> Any:
        return _known(lambda: self.template.attribute(logical_id, attribute))

    def condition(self, name: str) -> bool:
        # No placeholder: it would choose a branch.
        return self.template.condition(name)

    def mapping(self, name: str) -> Any:
        return self.template.mapping(name)

    def export(self, name: str) -> str:
        return str(_known(lambda: self.template.export(name)))

    def dynamic_reference(self, service: str, key: str) -> str:
        return str(_known(lambda: self.template.dynamic_reference(service, key)))


def _known(value: Callable[[], Any]) -> Any:
    try:
        return value()
    except LocalError:
        return UNKNOWN
