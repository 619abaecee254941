# SPDX-License-Identifier: MIT-0
"""Activities: the tasks that wait for a worker, and the workers that wait for a task.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-activities.html
"""

import threading
import time
from collections import defaultdict, deque
from typing import Any

from moto.stepfunctions.exceptions import ActivityDoesNotExist
from moto.stepfunctions.parser.asl.eval.callback import callback
from moto.stepfunctions.parser.backend.activity import ActivityTask

from ..patching import closing
from .arns import require_name
from .callback_task import CallbackTask

# https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetActivityTask.html
POLL_SECONDS = 60


class ActivityQueue:
    """The tasks of one activity that no worker has yet, the oldest first."""

    def __init__(self) -> None:
        self._tasks: deque[ActivityTask] = deque()
        self._changed = threading.Condition()

    def add_task(self, task: ActivityTask) -> None:
        with self._changed:
            self._tasks.append(task)
            self._changed.notify()

    def take(self, worker: str | None, seconds: float = POLL_SECONDS) -> ActivityTask | None:
        """The next task that is still open, which starts with this; None if none comes in time."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while True:
                while self._tasks:
                    task = self._tasks.popleft()
                    waiting = CallbackTask.of(task.task_token)
                    if isinstance(waiting, ActivityCallback) and not waiting.is_closed:
                        waiting.start(worker)
                        return task
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    return None


class ActivityCallback(CallbackTask):
    """Where a worker's start and its answer arrive."""

    def __init__(self, callback_id: str, activity_arn: str) -> None:
        super().__init__(callback_id)
        self._activity = activity_arn.rpartition(":")[2]
        self._start = _StartEndpoint()

    def get_activity_task_start_endpoint(self) -> callback.ActivityTaskStartEndpoint:
        return self._start

    def start(self, worker: str | None) -> None:
        # An answer before this would not end the state, which waits for a worker first.
        self.waiter_of[self.callback_id] = self._activity
        self._start.notify(callback.ActivityTaskStartOutcome(worker))

    def interrupt_all(self) -> None:
        super().interrupt_all()
        self._start.interrupt()


@closing(
    gap="A task of an activity that no worker takes in time fails with an AttributeError.",
    probe="activity_without_a_worker_breaks",
)
class _StartEndpoint(callback.ActivityTaskStartEndpoint):
    _outcome = None

    def interrupt(self) -> None:
        self._next_activity_task_start_event.set()


class ActivityRegistry:
    """The part of the backend that keeps activities, each with its queue."""

    activities: dict[str, Any]

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)  # type: ignore[call-arg]
        self.activity_queues = _Queues(self)

    def create_activity(
        self,
        name: str,
        tags: list[dict[str, str]] | None = None,
        encryption_configuration: dict[str, Any] | None = None,
    ) -> Any:
        """The activity of that name, which is new unless there is one."""
        require_name(name)
        known = (each for each in self.activities.values() if each.name == name)
        return next(known, None) or super().create_activity(  # type: ignore[misc]
            name, tags, encryption_configuration
        )

    def describe_activity(self, activity_arn: str) -> Any:
        """The activity of that ARN.

        Raises:
            ActivityDoesNotExist: there is none
        """
        if activity_arn not in self.activities:
            raise ActivityDoesNotExist(f"Activity Does Not Exist: '{activity_arn}'")
        return self.activities[activity_arn]

    def get_activity_task(self, activity_arn: str, worker: str | None) -> ActivityTask | None:
        """The next task of an activity for a worker, who waits a minute for one."""
        self.describe_activity(activity_arn)
        return self.activity_queues[activity_arn].take(worker)


class _Queues(defaultdict[str, ActivityQueue]):
    """The queues by the ARNs of activities: get() finds one for each activity that exists."""

    def __init__(self, registry: ActivityRegistry) -> None:
        super().__init__(ActivityQueue)
        self._registry = registry

    def get(self, arn: str, default: Any = None) -> Any:
        return self[arn] if arn in self._registry.activities else default
