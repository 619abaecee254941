# SPDX-License-Identifier: MIT-0
"""The registry of resource types, by their name in a template."""

from ..resource import Resource, ResourceType, StackContext
from ..templates.physical_resource import PhysicalResource
from . import functions, log_groups, monitoring, nested_stacks, roles, rules, state_machines


def _create_nothing(resource: Resource, _context: StackContext) -> PhysicalResource:
    return PhysicalResource(resource.logical_id)


RESOURCE_TYPES: dict[str, ResourceType] = {
    "AWS::CDK::Metadata": ResourceType.of(_create_nothing, "", "Analytics"),
    **functions.TYPES,
    **log_groups.TYPES,
    **monitoring.TYPES,
    **nested_stacks.TYPES,
    **roles.TYPES,
    **rules.TYPES,
    **state_machines.TYPES,
}
