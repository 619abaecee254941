# SPDX-License-Identifier: MIT-0
"""Systems Manager's resource types: parameters.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ...resource import Resource, ResourceType, StackContext
from ...templates.physical_resource import PhysicalResource
from ..delete_call import delete_call


def _create_parameter(resource: Resource, context: StackContext) -> PhysicalResource:
    if resource.is_unchanged and resource.existing is not None:
        return resource.existing
    name = context.name(resource, "Name")
    resource.refuse_replacement("Name")
    names = ("AllowedPattern", "DataType", "Description", "Type", "Value")
    settings = {key: str(resource.of(key)) for key in names if key in resource.properties}
    overwrite = resource.existing is not None
    context.endpoint.client("ssm").put_parameter(Name=name, **settings, Overwrite=overwrite)
    attributes = {"Type": settings["Type"], "Value": settings["Value"]}
    deleted = delete_call("ssm", "delete_parameter", Name=name)
    return PhysicalResource(name, attributes, resource.removables(deleted))


def _check_parameter(properties: Mapping[str, Any]) -> Iterable[str]:
    kind = properties.get("Type")
    if isinstance(kind, str) and kind not in ("String", "StringList"):
        yield f"the property Type must be String or StringList, got {kind}"


TYPES = {
    "AWS::SSM::Parameter": ResourceType.of(
        _create_parameter,
        "AllowedPattern DataType Description Name Type! Value!",
        "Policies Tags Tier",
        check=_check_parameter,
    ),
}
