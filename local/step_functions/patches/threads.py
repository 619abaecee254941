# SPDX-License-Identifier: MIT-0
"""Patches of the threads of an execution: when one ends, those that wait for it go on."""

from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import EvalTimeoutError
from moto.stepfunctions.parser.asl.component.program.program import Program
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import (
    inline_iteration_component,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.iteration_worker import (  # noqa: E501
    IterationWorker,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.state_map import StateMap
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel.state_parallel import (
    StateParallel,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import (  # noqa: E501
    StateTaskService,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task_lambda import (
    StateTaskLambda,
)

from ...patching import replacing, wrapping
from ..callback_task import CallbackTask
from ..executions.environment import ExecutionEnvironment
from ..executions.internal_error import described

# https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
INLINE_CONCURRENCY = 40


@wrapping(
    Program,
    "eval",
    gap="A thread that dies, or cannot start, leaves its execution RUNNING.",
    probe="dead_thread_leaves_its_execution_running",
)
def _evaluate(
    original: Callable[[Program, ExecutionEnvironment], None],
    self: Program,
    env: ExecutionEnvironment,
) -> None:
    reason = "The local interpreter's thread ended without a result"
    try:
        original(self, env)
    except Exception as error:
        reason = described(error)
    if env.is_running():
        env.fail(reason)


@replacing(
    Program,
    "_eval_body",
    gap="The cause of an unexpected error is the exception's own words, with the data they quote.",
    probe="unexpected_error_quotes_data",
)
def _evaluate_states(self: Program, env: ExecutionEnvironment) -> None:
    env.begin_program()
    try:
        while env.is_running():
            self._get_state(env.next_state_name).eval(env)
            # What the state has left behind.
            env.stack.clear()
            env.heap.clear()
    except FailureEventException as failure:
        env.set_error(failure.get_execution_failed_event_details())
    except BaseException as error:
        env.fail(
            f"An error occurred while executing the state '{env.next_state_name}' (entered at the "
            f"event id #{env.event_history_context.entered[0]}). {described(error)}"
        )
    env.record_end()


class ThreadDied(Exception):
    """A task's thread was about to die: what waits for its result would wait for ever."""


def _evaluate_task(original: Callable[..., None], self: Any, env: ExecutionEnvironment) -> None:
    try:
        original(self, env)
    except Exception:
        raise
    except BaseException as error:
        raise ThreadDied from error


for _kind in (StateMap, StateParallel, StateTaskLambda, StateTaskService):
    wrapping(
        _kind,
        "_eval_execution",
        gap="The thread of a task that dies leaves its state waiting.",
        probe="dead_task_leaves_its_state_waiting",
    )(_evaluate_task)


@replacing(
    IterationWorker,
    "_eval_pool",
    gap="A Map state with some hundred items to a worker reaches the recursion limit, and hangs.",
    probe="iterations_are_recursive",
)
def _evaluate_jobs(self: IterationWorker, job: Any, worker_frame: ExecutionEnvironment) -> None:
    following = job
    while following is not None:
        job, frame = following, worker_frame.open_part(following.job_index)
        try:
            self._eval_job(env=frame, job=job)
        except Exception as error:
            job.job_output = error
        worker_frame.close_frame(frame)
        has_failed = isinstance(job.job_output, Exception)
        following = None if has_failed or self.stopped() else self._job_pool.next_job()
        if following is not None:
            self._job_pool.close_job(job)
        elif not has_failed:
            # What comes after the Map state follows the last event of its last iteration.
            context = frame.event_history_context
            worker_frame.event_history_context.source_event_id = context.last_published_event_id
    # The Map state goes on once its last job is closed: the frame must be closed by then.
    self._env.close_frame(worker_frame)
    if job is not None:
        self._job_pool.close_job(job)


@wrapping(
    inline_iteration_component.InlineIterationComponent,
    "_eval_body",
    gap="A Map state without MaxConcurrency starts a thread for every item, however many.",
    probe="iterations_are_all_at_once",
)
def _iterate(
    original: Callable[..., None],
    self: inline_iteration_component.InlineIterationComponent,
    env: ExecutionEnvironment,
) -> None:
    given = env.stack[-1]
    given.max_concurrency = min(given.max_concurrency or INLINE_CONCURRENCY, INLINE_CONCURRENCY)
    original(self, env)


@wrapping(
    ExecutionState,
    "_evaluate_with_timeout",
    gap="A task that has timed out is not closed: it takes an answer.",
    probe="task_that_has_timed_out_is_not_closed",
)
def _evaluate_with_timeout(
    original: Callable[..., None], self: ExecutionState, env: ExecutionEnvironment
) -> None:
    try:
        original(self, env)
    except EvalTimeoutError:
        token = env.states.context_object.context_object_data.get("Task", {}).get("Token")
        if token is not None:
            CallbackTask.of(token).interrupt_all()
        raise
