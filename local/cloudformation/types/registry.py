# SPDX-License-Identifier: MIT-0
"""The registry of resource types, by their name in a template."""

from ..resource import Resource, ResourceType, StackContext
from ..templates.physical_resource import PhysicalResource
from . import (
    custom_resources,
    functions,
    log_groups,
    monitoring,
    nested_stacks,
    networks,
    state_machines,
)
from .access import roles, users
from .events import invoke_configs, mappings, rules
from .moto_services import (
    buckets,
    event_buses,
    keys,
    models,
    parameters,
    queues,
    secrets,
    tables,
    topics,
)


def _create_nothing(resource: Resource, _context: StackContext) -> PhysicalResource:
    return PhysicalResource(resource.logical_id)


RESOURCE_TYPES: dict[str, ResourceType] = {
    "AWS::CDK::Metadata": ResourceType.of(_create_nothing, "", "Analytics"),
    **buckets.TYPES,
    **custom_resources.TYPES,
    **event_buses.TYPES,
    **functions.TYPES,
    **invoke_configs.TYPES,
    **keys.TYPES,
    **log_groups.TYPES,
    **mappings.TYPES,
    **models.TYPES,
    **monitoring.TYPES,
    **nested_stacks.TYPES,
    **networks.TYPES,
    **parameters.TYPES,
    **queues.TYPES,
    **roles.TYPES,
    **rules.TYPES,
    **secrets.TYPES,
    **state_machines.TYPES,
    **tables.TYPES,
    **topics.TYPES,
    **users.TYPES,
}
