# SPDX-License-Identifier: MIT-0
"""Aliases of state machines: their rules, and where they are kept."""

from collections.abc import Sequence
from typing import Any

from moto.stepfunctions.exceptions import StateMachineDoesNotExist, ValidationException
from moto.stepfunctions.parser import api

from ..arns import STATE_MACHINE, require_arn, split_qualifier
from ..services import services
from .version import Alias

ALL_PERCENT = 100


class AliasRegistry:
    """The part of the backend that keeps aliases, with their machines."""

    state_machines: list[Any]

    def _find(self, arn: str) -> Any:
        return next((machine for machine in self.state_machines if machine.arn == arn), None)

    def require_machine(self, arn: str) -> Any:
        """The state machine itself, no version of it.

        Raises:
            InvalidArn: the text is no ARN of a state machine
            StateMachineDoesNotExist: it is the ARN of none
        """
        require_arn(arn, STATE_MACHINE)
        if (machine := self._find(arn)) is None:
            raise StateMachineDoesNotExist(f"State Machine Does Not Exist: '{arn}'")
        return machine

    def create_state_machine_alias(
        self, name: str, routing_configuration: list[dict[str, Any]], description: str | None
    ) -> Alias:
        """The alias, which is new unless it exists as it is asked for.

        Raises:
            ValidationException: the routing is unsound
            ConflictException: there is one of that name with another routing or description
        """
        machine = self._require_routing(routing_configuration)
        alias: Alias | None = machine.aliases.get(name)
        if alias is None:
            now = services().clock.now()
            alias = Alias(f"{machine.arn}:{name}", routing_configuration, description, now, now)
            machine.aliases[name] = alias
        elif (alias.routing, alias.description) != (routing_configuration, description):
            raise api.ConflictException(
                "Failed to create alias because an alias with the same name and a different "
                "routing configuration already exists."
            )
        return alias

    def describe_state_machine_alias(self, arn: str) -> Alias:
        """The alias of an ARN.

        Raises:
            ResourceNotFound: there is none
        """
        require_arn(arn, STATE_MACHINE)
        machine_arn, name = split_qualifier(arn)
        alias = getattr(self._find(machine_arn), "aliases", {}).get(name)
        if not isinstance(alias, Alias):
            raise api.ResourceNotFound("Request references a resource that does not exist.")
        return alias

    def update_state_machine_alias(
        self,
        arn: str,
        description: str | None,
        routing_configuration: list[dict[str, Any]] | None,
    ) -> Alias:
        """The changed alias.

        Raises:
            ResourceNotFound: there is none
            ValidationException: the routing is unsound
        """
        alias = self.describe_state_machine_alias(arn)
        if routing_configuration:
            self._require_routing(routing_configuration)
            alias.routing = routing_configuration
        if description is not None:
            alias.description = description
        alias.update_date = services().clock.now()
        return alias

    def delete_state_machine_alias(self, arn: str) -> None:
        """Delete an alias; one that does not exist is deleted."""
        require_arn(arn, STATE_MACHINE)
        machine_arn, name = split_qualifier(arn)
        if (machine := self._find(machine_arn)) is not None:
            machine.aliases.pop(name, None)

    def _require_routing(self, routing: Sequence[dict[str, Any]]) -> Any:
        """The machine of the versions that a routing names."""
        arns = [str(item["stateMachineVersionArn"]) for item in routing]
        weights = [item["weight"] for item in routing]
        split = [split_qualifier(arn) for arn in arns]
        problem = None
        if any(number is None or not number.isdecimal() for _, number in split):
            problem = f"contain state machine version ARNs. Received: [{', '.join(arns)}]"
        elif len(set(arns)) != len(arns):
            problem = f"contain distinct state machine version ARNs. Received: [{', '.join(arns)}]"
        elif len({machine for machine, _ in split}) > 1:
            problem = f"contain versions of one state machine. Received: [{', '.join(arns)}]"
        if problem:
            raise ValidationException(f"Routing configuration must {problem}")
        if sum(weights) != ALL_PERCENT:
            raise ValidationException(
                f"Sum of routing configuration weights must equal 100. Received: {weights}"
            )
        machine = self.require_machine(split[0][0])
        for arn, (_, number) in zip(arns, split, strict=True):
            if int(str(number)) not in machine.versions:
                raise StateMachineDoesNotExist(f"State Machine Does Not Exist: '{arn}'")
        return machine
