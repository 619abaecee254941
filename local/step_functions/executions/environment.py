# SPDX-License-Identifier: MIT-0
"""The environment of one execution's states: its status, history, context object and tasks."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from moto.stepfunctions.parser.api import (
    HistoryEventType,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.program_state import (
    ProgramEnded,
    ProgramError,
    ProgramRunning,
    ProgramStopped,
    ProgramTimedOut,
)
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from ...patching import closing
from ..callback_task import CallbackTask
from ..services import services
from .history import EventContext, History
from .place import ENTERED, EXITED, Place
from .tokens import CallbackPool, TaskContext

RUNTIME_ERROR = StatesErrorNameType.StatesRuntime.to_name()


class ExecutionEnvironment(Environment):
    """moto's environment of an execution, of a branch or of an iteration, as the service ends it.

    A status that came from outside, stopped or timed out, stays. An environment that is no frame
    is the whole execution: its end is recorded in the history at once, and never twice.
    """

    event_history_context: EventContext

    @closing(
        gap="Before its program begins, an execution neither runs nor has ended: a stop is lost.",
        probe="execution_that_begins_has_no_status",
    )
    def __init__(self, *args: Any, history: History | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event_manager: History = history or History(self.now)
        self.callback_pool_manager = CallbackPool(self.activity_store)
        self.states.context_object = TaskContext(self.states.context_object.context_object_data)
        self._program_state = ProgramRunning()
        self._parts_opened = 0
        # Whether it is that of a program, and not of a task of its program.
        self._has_program = False

    @property
    def place(self) -> Place:
        """Where the program of this environment is."""
        return self.event_history_context.place

    def now(self) -> datetime:
        """The time of the execution, in whichever thread."""
        return services().now(self)

    @classmethod
    def as_frame_of(cls, env: Environment, event_history_frame_cache: Any = None) -> Any:
        return cls.as_inner_frame_of(env, env.variable_store, event_history_frame_cache)

    @classmethod
    def as_inner_frame_of(
        cls, env: Environment, variable_store: Any, event_history_frame_cache: Any = None
    ) -> Any:
        # moto gives no context of its own.
        return super().as_inner_frame_of(env, variable_store, env.event_history_context.inner())

    def open_inner_frame(self, event_history_context: Any = None) -> Any:
        # moto opens one for each branch, in their order.
        self._parts_opened += 1
        return self.open_part(self._parts_opened - 1)

    def open_part(self, index: int) -> "ExecutionEnvironment":
        """The environment of a branch or an iteration."""
        frame: ExecutionEnvironment = super().open_inner_frame()
        frame.event_history_context.place = self.place.part(index)
        return frame

    def begin_program(self) -> None:
        """Take the program up where the run before a redrive has ended, if there was one."""
        self._has_program = True
        place, context = self.place, self.event_history_context
        self.variable_store._inner_scope.update(place.variables)
        place.store = self.variable_store
        if place.is_left:
            left = place.events[EXITED]
            self._take_data(left, "stateExitedEventDetails", "output")
            context.go_on_after(left)
            if place.next_state is None:
                self.set_ended()
            else:
                self.next_state_name = place.next_state
        elif place.is_in_state:
            details = self._take_data(place.events[ENTERED], "stateEnteredEventDetails", "input")
            self.next_state_name = details["name"]

    def _take_data(self, event_id: int, details: str, name: str) -> dict[str, Any]:
        recorded: dict[str, Any] = self.event_manager.event(event_id)[details]
        self.states.reset(json.loads(recorded[name]))
        return recorded

    def note_entry(self) -> None:
        """Note what the state that has been entered begins with; a redrive keeps its time."""
        context = self.states.context_object
        place, state = self.place, context.context_object_data["State"]
        context.note_state()
        if place.is_resumed:
            place.is_resumed = False
            state["EnteredTime"] = place.entered_time
        elif self.is_running():
            place.entered_time = state["EnteredTime"]
            place.variables = dict(self.variable_store._inner_scope)

    @property
    def next_state_name(self) -> Any:
        return super().next_state_name

    @next_state_name.setter
    def next_state_name(self, name: str) -> None:
        # A stop may come between a look at the status and this.
        with self._state_mutex:
            if self.is_running():
                Environment.next_state_name.fset(self, name)
                if self.place.is_in_state:
                    self.place.next_state = name

    @property
    def next_field_name(self) -> Any:
        return super().next_field_name

    @next_field_name.setter
    def next_field_name(self, name: str) -> None:
        with self._state_mutex:
            if self.is_running():
                Environment.next_field_name.fset(self, name)

    def set_ended(self) -> None:
        with self._state_mutex:
            if self._has_program and self.is_running():
                self.place.has_ended = True
            super().set_ended()

    @closing(
        gap="A task that waits for an answer waits on when its execution is stopped.",
        probe="ended_execution_waits_for_its_task",
    )
    def set_stop(self, stop_date: Any, cause: str | None, error: str | None) -> None:
        self._end_from_outside(lambda: Environment.set_stop(self, stop_date, cause, error))

    def set_timed_out(self) -> None:
        self._end_from_outside(lambda: Environment.set_timed_out(self))

    def _end_from_outside(self, end: Callable[[], None]) -> None:
        with self._state_mutex:
            if not self.is_running():
                return
            end()
        token = self.states.context_object.context_object_data.get("Task", {}).get("Token")
        if token is not None:
            CallbackTask.of(token).interrupt_all()
        self.record_end()

    @closing(
        gap="An execution that has been stopped may still fail.",
        probe="stopped_execution_may_still_fail",
    )
    def set_error(self, error: Any) -> None:
        """Fail with these details of an error, unless the end came from outside."""
        with self._state_mutex:
            if not isinstance(self._program_state, ProgramStopped | ProgramTimedOut):
                super().set_error(self.without_tokens(error or {}))

    def fail(self, reason: str) -> None:
        """Fail with States.Runtime for a reason that holds no data."""
        self.set_error({"error": RUNTIME_ERROR, "cause": reason})

    def without_tokens(self, error: dict[str, Any]) -> dict[str, Any]:
        """The details of an error of the interpreter, whose cause may quote the context object."""
        cause = error.get("cause")
        if error.get("error") != RUNTIME_ERROR or not cause:
            return error
        for token in list(self.callback_pool_manager.tokens()):
            cause = cause.replace(token, "***")
        return {**error, "cause": cause}

    def record_end(self) -> None:
        """Record the event that closes the history. A frame has none, and the first one counts."""
        if self.is_frame():
            return
        if isinstance(self._program_state, ProgramStopped | ProgramTimedOut):
            # As recorded from the service: nothing led to it.
            self.event_history_context.source_event_id = 0
        event_type, details = self._closing_event()
        self.event_manager.add_event(
            self.event_history_context, event_type, event_details=EventDetails(**details)
        )

    def _closing_event(self) -> tuple[HistoryEventType, dict[str, Any]]:
        match self._program_state:
            case ProgramStopped() as stop:
                aborted = {"error": stop.error, "cause": stop.cause}
                return HistoryEventType.ExecutionAborted, {"executionAbortedEventDetails": aborted}
            case ProgramTimedOut():
                return HistoryEventType.ExecutionTimedOut, {
                    "executionTimedOutEventDetails": {"error": "States.Timeout"}
                }
            case ProgramEnded():
                output = to_json_str(self.states.get_input(), separators=(",", ":"))
                succeeded = {"output": output, "outputDetails": {"truncated": False}}
                return HistoryEventType.ExecutionSucceeded, {
                    "executionSucceededEventDetails": succeeded
                }
            case ProgramError() as failure:
                failed = {
                    key: failure.error[key] for key in ("error", "cause") if key in failure.error
                }
                return HistoryEventType.ExecutionFailed, {"executionFailedEventDetails": failed}
        raise RuntimeError(f"the execution has not ended: {self._program_state}")
