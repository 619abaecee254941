# SPDX-License-Identifier: MIT-0
"""Custom resources that CDK itself brings along, and which change nothing here.

Their functions are CDK's own, mostly for Node.js, and are ignored with them: deployments are done
here by calls of the services, not by functions.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ..resource import Resource, ResourceType, StackContext
from ..templates.intrinsics import references
from ..templates.physical_resource import PhysicalResource
from .log_groups import TYPES as LOG_TYPES


def _create_nothing(resource: Resource, _context: StackContext) -> PhysicalResource:
    return PhysicalResource(resource.logical_id)


TYPES = {
    # A bucket that is deleted here must be empty.
    "Custom::S3AutoDeleteObjects": ResourceType.of(_create_nothing, "ServiceToken", "BucketName"),
    "Custom::VpcRestrictDefaultSG": ResourceType.of(
        _create_nothing, "ServiceToken", "Account DefaultSecurityGroupId"
    ),
}
KNOWN = frozenset({*TYPES, *(name for name in LOG_TYPES if name.startswith("Custom::"))})


def ignored_functions(resources: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """The logical ids of the functions that serve known custom resources, and no other resource."""
    serving = set(_service_tokens(resources, of_known=True))
    others = set(_service_tokens(resources, of_known=False))
    return frozenset(serving - others)


def _service_tokens(resources: Mapping[str, Mapping[str, Any]], *, of_known: bool) -> Iterator[str]:
    for definition in resources.values():
        token = definition.get("Properties", {}).get("ServiceToken")
        if token is not None and (definition.get("Type") in KNOWN) == of_known:
            yield from references(token)
