# SPDX-License-Identifier: MIT-0
"""Patches that let the interpreter live in modelled time: its threads, its events, its dates."""

import datetime
import threading

from moto.stepfunctions.parser import models
from moto.stepfunctions.parser.asl.component.program import program
from moto.stepfunctions.parser.asl.component.state import state
from moto.stepfunctions.parser.asl.component.state.exec import execute_state
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import (
    inline_iteration_component,
    job,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.itemprocessor import (
    map_run_record,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel import (
    branch_worker,
    branches_decl,
)
from moto.stepfunctions.parser.asl.eval import environment
from moto.stepfunctions.parser.asl.eval.callback import callback
from moto.stepfunctions.parser.backend import execution_worker

from ...clocks.threads import Event, ModelledDatetime, Thread, modelled
from ...patching import setting

_THREADS_GAP = "A thread of an execution waits in real time, and nothing says when all of them do."
_DATES_GAP = "An execution starts, and enters its states, at the machine's time."
# Each has imported the module threading under its name.
_THREADED = (
    branch_worker,
    branches_decl,
    environment,
    execute_state,
    inline_iteration_component,
    job,
    program,
)

for _module in _THREADED:
    setting(
        _module,
        "threading",
        modelled(threading, Thread=Thread, Event=Event),
        gap=_THREADS_GAP,
        probe="interpreter_waits_in_real_time",
    )

for _module, _name, _replacement in (
    (execute_state, "Thread", Thread),
    (execution_worker, "Thread", Thread),
    (callback, "Event", Event),
):
    setting(
        _module,
        _name,
        _replacement,
        gap=_THREADS_GAP,
        probe="interpreter_waits_in_real_time",
    )

for _module in (models, state, map_run_record):
    setting(
        _module,
        "datetime",
        modelled(datetime, datetime=ModelledDatetime),
        gap=_DATES_GAP,
        probe="execution_starts_at_the_time_of_the_machine",
    )
