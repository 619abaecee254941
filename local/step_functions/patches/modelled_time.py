# SPDX-License-Identifier: MIT-0
"""Patches that let the interpreter live in modelled time: its threads and its events."""

import threading

from moto.stepfunctions.parser.asl.component.program import program
from moto.stepfunctions.parser.asl.component.state.exec import execute_state
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import (
    inline_iteration_component,
    job,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel import (
    branch_worker,
    branches_decl,
)
from moto.stepfunctions.parser.asl.eval import environment
from moto.stepfunctions.parser.asl.eval.callback import callback
from moto.stepfunctions.parser.backend import execution_worker

from ...clocks.threads import Event, Thread, modelled
from ...patching import setting

_THREADS_GAP = "A thread of an execution waits in real time, and nothing says when all of them do."
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
