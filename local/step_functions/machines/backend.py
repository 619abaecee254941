# SPDX-License-Identifier: MIT-0
"""moto's backend, with the service's rules for creating and changing state machines."""

import uuid
from typing import Any

from moto.stepfunctions.exceptions import StateMachineDoesNotExist
from moto.stepfunctions.parser import api, models

from ..arns import STATE_MACHINE, require_arn, require_name, split_qualifier
from ..integrations.resources import check_resources
from ..services import services
from ..validation.definition import check_definition
from .deletion import DeletionRegistry
from .type import STANDARD
from .version import MachineVersion

DEFAULT_LOGGING = {"level": "OFF", "includeExecutionData": False}


class MachinesBackend(DeletionRegistry, models.StepFunctionsParserBackend):
    """State machines with revisions, versions and aliases."""

    def create_state_machine(
        self,
        name: str,
        definition: str,
        roleArn: str,  # noqa: N803 (moto's name)
        tags: list[dict[str, str]] | None = None,
        publish: bool | None = None,
        loggingConfiguration: dict[str, Any] | None = None,  # noqa: N803
        tracingConfiguration: dict[str, Any] | None = None,  # noqa: N803
        encryptionConfiguration: dict[str, Any] | None = None,  # noqa: N803
        version_description: str | None = None,
        sm_type: str | None = None,
    ) -> Any:
        require_name(name)
        require_sound_definition(definition, sm_type or STANDARD)
        logging = DEFAULT_LOGGING | (loggingConfiguration or {})
        _require_destination(logging)
        arn = (
            f"arn:{self.partition}:states:{self.region_name}:{self.account_id}:stateMachine:{name}"
        )
        machine = self._find(arn)
        self.require_active(machine)
        if machine is None:
            machine = super().create_state_machine(
                name, definition, roleArn, tags, None, logging, tracingConfiguration,
                encryptionConfiguration, None, sm_type,
            )  # fmt: skip
            machine.creation_date = machine.update_date = services().clock.now()
            machine.revision_id = machine.published = None
        elif (
            machine.definition != definition
            or machine.type != (sm_type or STANDARD)
            or machine.loggingConfiguration != logging
            or machine.tracingConfiguration != (tracingConfiguration or {"enabled": False})
        ):
            raise api.StateMachineAlreadyExists(f"State Machine Already Exists: '{arn}'")
        if publish:
            self.publish_state_machine_version(arn, version_description)
        return machine

    def describe_state_machine(self, arn: str) -> Any:
        """The machine, the version of a version's ARN, or one that an alias picks.

        Raises:
            InvalidArn: the text is no ARN of a state machine
            StateMachineDoesNotExist: it is the ARN of none
        """
        require_arn(arn, STATE_MACHINE)
        machine_arn, qualifier = split_qualifier(arn)
        machine = self._find(machine_arn)
        if machine is not None and qualifier is not None:
            if alias := machine.aliases.get(qualifier):
                picked: MachineVersion = self.describe_state_machine(alias.pick())
                return picked.started_by(alias)
            machine = machine.versions.get(int(qualifier)) if qualifier.isdecimal() else None
        if machine is None:
            raise StateMachineDoesNotExist(f"State Machine Does Not Exist: '{arn}'")
        return machine

    def update_state_machine(
        self,
        arn: str,
        definition: str | None = None,
        role_arn: str | None = None,
        logging_configuration: dict[str, Any] | None = None,
        tracing_configuration: dict[str, Any] | None = None,
        encryption_configuration: dict[str, Any] | None = None,
        publish: bool | None = None,
        version_description: str | None = None,
    ) -> Any:
        """The machine, with a new revision if anything has changed.

        Raises:
            MissingRequiredParameter: there is nothing to change
            StateMachineDoesNotExist: there is none of that ARN
            InvalidDefinition: the definition is refused
        """
        given = {
            "definition": definition,
            "roleArn": role_arn,
            "loggingConfiguration": logging_configuration
            and DEFAULT_LOGGING | logging_configuration,
            "tracingConfiguration": tracing_configuration,
            "encryptionConfiguration": encryption_configuration,
        }
        if not any(given.values()):
            raise api.MissingRequiredParameter(
                "Either the definition, the role ARN, the LoggingConfiguration, or the "
                "TracingConfiguration must be specified"
            )
        machine = self.require_machine(arn)
        self.require_active(machine)
        _require_destination(logging_configuration or {})
        if definition is not None:
            require_sound_definition(definition, machine.type)
            self._validate_definition(definition=definition)
        changed = {
            name: value
            for name, value in given.items()
            if value is not None and getattr(machine, name) != value
        }
        if changed:
            machine.update(**changed)
            machine.revision_id = str(uuid.uuid4())
        machine.update_date = services().clock.now()
        if publish:
            self.publish_state_machine_version(arn, version_description)
        return machine

    def publish_state_machine_version(
        self, arn: str, description: str | None = None, revision_id: str | None = None
    ) -> MachineVersion:
        """The version of the machine's revision, which is new unless it has one.

        Raises:
            StateMachineDoesNotExist: there is none of that ARN
            ConflictException: the machine has another revision
        """
        machine = self.require_machine(arn)
        if revision_id is not None and revision_id != (machine.revision_id or "INITIAL"):
            raise api.ConflictException(
                f"Failed to publish the State Machine version for revision {revision_id}. "
                f"The current State Machine revision is {machine.revision_id or 'INITIAL'}."
            )
        published: MachineVersion | None = machine.published
        if (
            published is None
            or published.number not in machine.versions
            or machine.revision_id != vars(published)["revision_id"]
        ):
            machine.latest_version_number += 1
            published = MachineVersion(machine, machine.latest_version_number, description)
            machine.versions[published.number] = machine.published = published
        return published

    def delete_state_machine_version(self, version_arn: str) -> None:
        """Delete a version; one that does not exist is deleted.

        Raises:
            ConflictException: an alias routes to the version
        """
        require_arn(version_arn, STATE_MACHINE)
        machine_arn, number = split_qualifier(version_arn)
        machine = self._find(machine_arn)
        if machine is None or number is None or not number.isdecimal():
            return
        aliases = [
            alias.name
            for alias in machine.aliases.values()
            if any(item["stateMachineVersionArn"] == version_arn for item in alias.routing)
        ]
        if aliases:
            raise api.ConflictException(
                "Version to be deleted must not be referenced by an alias. Current list of "
                f"aliases referencing this version: [{', '.join(aliases)}]"
            )
        machine.versions.pop(int(number), None)


def _require_destination(logging: dict[str, Any]) -> None:
    if logging.get("level", "OFF") != "OFF" and len(logging.get("destinations") or []) != 1:
        raise api.InvalidLoggingConfiguration(
            "Invalid Logging Configuration: Must specify exactly one Log Destination."
        )


def require_sound_definition(definition: str, kind: str) -> None:
    """Refuse a definition for all that is wrong with it, or for all that is not served here.

    Args:
        kind: the type of the state machine

    Raises:
        InvalidDefinition: there are findings
    """
    if findings := check_definition(definition, kind) or check_resources(definition):
        raise api.InvalidDefinition(
            f"Invalid State Machine Definition: '{', '.join(map(str, findings))}'"
        )
