# SPDX-License-Identifier: MIT-0
"""Resource types that moto's CloudFormation models create: a row each.

A model is imported when a template first has its type. An update is refused: most models delete
the resource and create another one, which loses what is in it.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ....endpoint.endpoint import Endpoint
from ....environment import environment
from ...resource import Resource, ResourceType, StackContext
from ...templates.physical_resource import PhysicalResource


@dataclass(frozen=True)
class MotoModel:
    """A class of moto's that creates the resources of one type.

    Args:
        module: below moto
        attributes: the names of Fn::GetAtt, and of the model's attributes: get_cfn_attribute
            imports all of moto
    """

    module: str
    name: str
    name_property: str
    attributes: tuple[tuple[str, str], ...]

    def __call__(self, resource: Resource, context: StackContext) -> PhysicalResource:
        if resource.existing is not None:
            resource.refuse_replacement(*sorted({*resource.properties, *resource.previous}))
            return resource.existing
        name = context.name(resource, self.name_property)
        definition = {"Type": resource.type, "Properties": dict(resource.properties)}
        here = environment()
        created = self.model().create_from_cloudformation_json(
            name, definition, here.account, here.region
        )
        attributes = {name: getattr(created, attribute) for name, attribute in self.attributes}
        removable = ModelDeletion(self, created.physical_resource_id)
        return PhysicalResource(
            created.physical_resource_id, attributes, resource.removables(removable)
        )

    def model(self) -> Any:
        return getattr(importlib.import_module(f"moto.{self.module}"), self.name)


@dataclass(frozen=True)
class ModelDeletion:
    """The deletion of a resource by the model that created it."""

    model: MotoModel
    physical_id: str

    def delete(self, _endpoint: Endpoint) -> None:
        here = environment()
        self.model.model().delete_from_cloudformation_json(
            self.physical_id, {"Properties": {}}, here.account, here.region
        )


def _model(
    module: str, name: str, used: str, without_effect: str, **attributes: str
) -> ResourceType:
    """A row of the table; the first property that is used is the resource's name."""
    name_property = used.split()[0].rstrip("!")
    model = MotoModel(module, name, name_property, tuple(attributes.items()))
    return ResourceType.of(model, used, without_effect)


TYPES: Mapping[str, ResourceType] = {
    "AWS::ECR::Repository": _model(
        "ecr.models",
        "Repository",
        "RepositoryName",
        "EmptyOnDelete EncryptionConfiguration ImageScanningConfiguration ImageTagMutability "
        "LifecyclePolicy RepositoryPolicyText Tags",
        Arn="arn",
        RepositoryUri="uri",
    ),
    "AWS::Kinesis::Stream": _model(
        "kinesis.models",
        "Stream",
        "Name ShardCount StreamModeDetails",
        "RetentionPeriodHours StreamEncryption Tags",
        Arn="arn",
    ),
}
