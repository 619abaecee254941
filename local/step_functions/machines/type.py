# SPDX-License-Identifier: MIT-0
"""The type of a state machine, and the operations that one of the types does not have."""

from typing import Any

from moto.stepfunctions.parser import api

STANDARD, EXPRESS = "STANDARD", "EXPRESS"


def require_type(machine: Any, wanted: str) -> None:
    """Return if the state machine is of that type.

    Raises:
        StateMachineTypeNotSupported: it is of the other
    """
    if machine.type != wanted:
        raise api.StateMachineTypeNotSupported(
            "This operation is not supported by this type of state machine"
        )
