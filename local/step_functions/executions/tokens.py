# SPDX-License-Identifier: MIT-0
"""The task tokens of one execution: where each is made, and where its answer arrives."""

from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackPoolManager
from moto.stepfunctions.parser.asl.eval.states import ContextObject
from moto.stepfunctions.parser.backend.activity import ActivityTask

from ...patching import closing
from ..activities import ActivityCallback
from ..callback_task import CallbackTask


class CallbackPool(CallbackPoolManager):
    """The task tokens of one execution."""

    def add(self, callback_id: str) -> CallbackTask:
        task = CallbackTask(callback_id)
        self._pool[callback_id] = task
        return task

    def add_activity_task(
        self, callback_id: str, activity_arn: str, activity_input: str
    ) -> ActivityCallback:
        task = ActivityCallback(callback_id, activity_arn)
        self._pool[callback_id] = task
        self._activity_store[activity_arn].add_task(ActivityTask(callback_id, activity_input))
        return task

    def tokens(self) -> list[str]:
        return list(self._pool)


class TaskContext(ContextObject):
    """A context object whose task tokens are known by their state machine."""

    @closing(
        gap="Nothing tells which state machine has made a task token.",
        probe="task_token_has_no_state_machine",
    )
    def update_task_token(self) -> str:
        token = str(super().update_task_token())
        context = self.context_object_data
        CallbackTask.made(token, context["Execution"]["Id"], context["StateMachine"]["Id"])
        return token

    def note_state(self) -> None:
        """Note that the state that has been entered waits with the task token, if it has one."""
        context = self.context_object_data
        if task := context.get("Task"):
            CallbackTask.waiter_of[task["Token"]] = context["State"]["Name"]
