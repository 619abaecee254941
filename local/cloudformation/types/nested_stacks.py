# SPDX-License-Identifier: MIT-0
"""CloudFormation's resource types: nested stacks."""

from ..resource import Resource, ResourceType, StackContext
from ..templates.physical_resource import PhysicalResource

NESTED_STACK = "AWS::CloudFormation::Stack"


def _create_nested_stack(resource: Resource, context: StackContext) -> PhysicalResource:
    return context.deploy_nested(resource)


TYPES = {
    NESTED_STACK: ResourceType.of(
        _create_nested_stack, "Parameters TemplateURL!", "Description Tags TimeoutInMinutes"
    ),
}
