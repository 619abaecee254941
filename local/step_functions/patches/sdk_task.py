# SPDX-License-Identifier: MIT-0
"""Patches of tasks that call an SDK."""

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_factory,
)

from ...patching import setting
from ..sdk_task import LambdaSdkTask

setting(
    state_task_service_factory,
    "StateTaskServiceAwsSdk",
    LambdaSdkTask,
    gap="The SDK integration sends values where the SDK takes bytes, and returns streams.",
    probe="sdk_integration_sends_values",
)
