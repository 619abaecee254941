# SPDX-License-Identifier: MIT-0
"""The deletion of state machines: it waits for their executions, which can be read afterwards.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html
"""

from typing import Any

from moto.stepfunctions.exceptions import ExecutionDoesNotExist
from moto.stepfunctions.parser import api

from ..arns import STATE_MACHINE, require_arn
from .aliases import AliasRegistry

ACTIVE, DELETING = "ACTIVE", "DELETING"


class DeletionRegistry(AliasRegistry):
    """The part of the backend that deletes state machines."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)  # type: ignore[call-arg]
        self._deleted: list[Any] = []

    def delete_state_machine(self, arn: str) -> None:
        """Delete a machine once none of its executions runs; one that does not exist is deleted.

        Raises:
            InvalidArn: the text is no ARN of a state machine
        """
        require_arn(arn, STATE_MACHINE)
        if (machine := super()._find(arn)) is not None:
            machine.is_deleting = True
            self._find(arn)

    def _find(self, arn: str) -> Any:
        machine = super()._find(arn)
        if status_of(machine) == DELETING and not _is_running(machine):
            self.state_machines.remove(machine)
            self._deleted.append(machine)
            return None
        return machine

    def existing_machines(self) -> list[Any]:
        """The machines that there are, those that are being deleted among them."""
        return [each for each in list(self.state_machines) if self._find(each.arn) is not None]

    def find_machine(self, arn: str) -> Any:
        """The machine of an ARN; nothing where there is none, or no more."""
        return self._find(arn)

    def require_active(self, machine: Any) -> None:
        """Refuse what a machine does no more once it is being deleted.

        Raises:
            StateMachineDeleting: it is
        """
        if status_of(machine) == DELETING:
            raise api.StateMachineDeleting(f"State Machine is being deleted: '{machine.arn}'")

    def describe_execution(self, execution_arn: str) -> Any:
        """The execution of an ARN, of a deleted machine too.

        Raises:
            ExecutionDoesNotExist: it is the ARN of none
        """
        try:
            return super().describe_execution(execution_arn)  # type: ignore[misc]
        except ExecutionDoesNotExist:
            for machine in self._deleted:
                for execution in machine.executions:
                    if execution.execution_arn == execution_arn:
                        return execution
            raise


def status_of(machine: Any) -> str:
    """The status of a machine, or of the machine of a version."""
    return DELETING if getattr(machine, "is_deleting", False) else ACTIVE


def _is_running(machine: Any) -> bool:
    return any(execution.status == "RUNNING" for execution in list(machine.executions))
