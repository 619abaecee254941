# SPDX-License-Identifier: MIT-0
"""Patches of which class evaluates a Task state."""

from moto.stepfunctions.parser.asl.component.state.exec.state_task import state_task_factory
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_lambda,
)

from ...patching import replacing, setting
from ..integrations.activity_task import ActivityTask
from ..integrations.service_task import ServiceTask


@replacing(
    state_task_factory,
    "state_task_service_for",
    gap="A task of a service calls another port without a role, polls for the end of a job, and "
    "changes neither the names of fields nor bytes and times as the service does.",
    probe="sdk_integration_sends_values",
)
def _task_of_service(
    service_name: str,
) -> ServiceTask | state_task_service_lambda.StateTaskServiceLambda:
    if service_name == "lambda":
        return state_task_service_lambda.StateTaskServiceLambda()
    return ServiceTask()


setting(
    state_task_factory,
    "StateTaskActivity",
    ActivityTask,
    gap="A task of an activity outlives its execution.",
    probe="activity_task_outlives_its_execution",
)
