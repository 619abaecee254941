# SPDX-License-Identifier: MIT-0
"""Step Functions' resource types: state machines and activities."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...step_functions.definition import refuse_unsupported_states
from ..resource import Resource, ResourceType, StackContext
from ..templates.physical_resource import PhysicalResource
from .moto_services.deletion import deletion
from .trust import require_trust

_SUBSTITUTION = re.compile(r"\$\{(\w+)\}")


def _check_state_machine(properties: Mapping[str, Any]) -> Iterable[str]:
    kind = properties.get("StateMachineType", "STANDARD")
    if kind != "STANDARD":
        yield f"the property StateMachineType must be STANDARD here, got {kind}"
    if not {"DefinitionString", "Definition"} & set(properties):
        yield "the property DefinitionString is missing"


def definition_of(resource: Resource) -> str:
    """The definition as JSON text, with its substitutions made.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html
    """
    definition = resource.of("DefinitionString")
    text = definition if definition is not None else json.dumps(resource.of("Definition"))
    values = resource.of("DefinitionSubstitutions", {})

    def substitute(match: re.Match[str]) -> str:
        if match[1] not in values:
            return match[0]
        # Within a JSON text: quotes of the value must not end it.
        value = values[match[1]]
        return json.dumps(value)[1:-1] if isinstance(value, str) else json.dumps(value)

    return _SUBSTITUTION.sub(substitute, text)


def _create_state_machine(resource: Resource, context: StackContext) -> PhysicalResource:
    name = context.name(resource, "StateMachineName")
    step_functions = context.endpoint.client("stepfunctions")
    settings = {"definition": definition_of(resource), "roleArn": resource.of("RoleArn")}
    refuse_unsupported_states(settings["definition"])
    require_trust(
        resource.of("RoleArn"),
        "states",
        "Neither the global service principal states.amazonaws.com, nor the regional one is "
        "authorized to assume the provided role.",
    )
    if resource.existing is not None:
        resource.refuse_change("StateMachineName", resource.existing.attributes["Name"], name)
        step_functions.update_state_machine(stateMachineArn=resource.existing.ref, **settings)
        return resource.existing
    arn = step_functions.create_state_machine(name=name, **settings)["stateMachineArn"]
    return PhysicalResource(arn, {"Arn": arn, "Name": name})


def _create_activity(resource: Resource, context: StackContext) -> PhysicalResource:
    if resource.is_unchanged and resource.existing is not None:
        return resource.existing
    resource.refuse_replacement("Name")
    name = context.name(resource, "Name")
    step_functions = context.endpoint.client("stepfunctions")
    arn = step_functions.create_activity(name=name)["activityArn"]
    deleted = deletion("stepfunctions", "delete_activity", activityArn=arn)
    return PhysicalResource(arn, {"Arn": arn, "Name": name}, resource.removables(deleted))


TYPES = {
    "AWS::StepFunctions::Activity": ResourceType.of(
        _create_activity, "Name!", "EncryptionConfiguration Tags"
    ),
    "AWS::StepFunctions::StateMachine": ResourceType.of(
        _create_state_machine,
        "Definition DefinitionString DefinitionSubstitutions RoleArn! StateMachineName "
        "StateMachineType",
        "LoggingConfiguration Tags TracingConfiguration",
        check=_check_state_machine,
    ),
}
