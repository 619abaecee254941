# SPDX-License-Identifier: MIT-0
"""Versions and aliases of a state machine."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.stepfunctions.models import StateMachine

from ..services import services


class MachineVersion:
    """A machine as it was when the version was published; it shares the machine's executions.

    `arn` is the machine's, `version_arn` the version's, and `alias_arn` the alias's by which an
    execution is started.
    """

    executions: list[Any]
    _handle_name_input_idempotency = StateMachine._handle_name_input_idempotency

    def __init__(self, machine: Any, number: int, description: str | None) -> None:
        self.__dict__.update(vars(machine))
        self.number = number
        self.version_arn = f"{machine.arn}:{number}"
        self.alias_arn: str | None = None
        self.description = description
        self.creation_date = services().clock.now()

    def started_by(self, alias: "Alias") -> "MachineVersion":
        """The same version for an execution that an alias starts."""
        version = object.__new__(MachineVersion)
        version.__dict__.update(vars(self), alias_arn=alias.arn)
        return version


@dataclass
class Alias:
    """A name for one or two versions, with the share of executions for each in percent."""

    arn: str
    routing: Sequence[dict[str, Any]]
    description: str | None
    creation_date: datetime
    update_date: datetime

    @property
    def name(self) -> str:
        return self.arn.rsplit(":", 1)[1]

    def pick(self) -> str:
        """The ARN of the version that the next execution runs."""
        [item] = random.choices(self.routing, [item["weight"] for item in self.routing])
        return str(item["stateMachineVersionArn"])
