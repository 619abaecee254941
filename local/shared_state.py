# SPDX-License-Identifier: MIT-0
"""State that libraries keep on classes and in modules, for all endpoints and threads of a process.

tests/local/step_functions/executions/test_shared_state.py finds what moto's interpreter
keeps and this table does not list. It does not look into the tables of the parser, other services
and other libraries.
"""

from dataclasses import dataclass

_INTERPRETER = "moto.stepfunctions"
_ASL = f"{_INTERPRETER}.parser.asl"
_ANTLR = f"{_ASL}.antlr.runtime"


@dataclass(frozen=True)
class SharedState:
    """State that is kept for the whole process.

    Args:
        place: its full name
        treatment: how this project deals with it
    """

    place: str
    treatment: str


_MACHINES = "every one that was made: executions make none (step_functions/backend.py)"
_PARSER = "decisions and contexts of the parser: one run at a time (patches/parsing.py)"
_OWN = "a default: each environment replaces it (moto's own Environment)"
_TABLE = "a table: never changed"
_TOKENS = "emptied when an endpoint begins (step_functions/interpreter.py)"

SHARED_STATE = (
    SharedState(
        "moto.core.base_backend.BackendDict._instances",
        "the backends of all services: reset when an endpoint begins (endpoint/endpoint.py)",
    ),
    SharedState(
        "moto.core.config.default_user_config",
        "set by a patch, and never changed (step_functions/interpreter.py)",
    ),
    SharedState(f"{_INTERPRETER}.models.StateMachine.instances_tracked", _MACHINES),
    SharedState(f"{_INTERPRETER}.models.StateMachineAlias.instances_tracked", _MACHINES),
    SharedState(f"{_INTERPRETER}.models.StateMachineVersion.instances_tracked", _MACHINES),
    SharedState(f"{_INTERPRETER}.models.StepFunctionBackend.invalid_chars_for_name", _TABLE),
    SharedState(f"{_INTERPRETER}.models.StepFunctionBackend.invalid_unicodes_for_name", _TABLE),
    SharedState(f"{_INTERPRETER}.urls.url_bases", _TABLE),
    SharedState(
        f"{_INTERPRETER}.urls.url_paths",
        "set by a patch, and never changed (step_functions/interpreter.py)",
    ),
    SharedState(
        f"{_INTERPRETER}.parser.utils.TMP_THREADS",
        "every thread that was started: emptied when an execution ends (executions/worker.py)",
    ),
    SharedState(f"{_ASL}.eval.environment.Environment.heap", _OWN),
    SharedState(f"{_ASL}.eval.environment.Environment.stack", _OWN),
    SharedState(
        f"{_ASL}.parse.preprocessor.Preprocessor._query_language_per_scope",
        "one a run of the parser (patches/parsing.py)",
    ),
    SharedState(f"{_ANTLR}.ASLLexer.ASLLexer.decisionsToDFA", _PARSER),
    SharedState(f"{_ANTLR}.ASLParser.ASLParser.decisionsToDFA", _PARSER),
    SharedState(f"{_ANTLR}.ASLParser.ASLParser.sharedContextCache", _PARSER),
    SharedState(
        "jsonata.jsonata.Jsonata.CURRENT",
        "one a thread: set for each evaluation (jsonata/engine.py)",
    ),
    SharedState("jsonata.jsonata.Jsonata.static_frame", "the library's functions: never changed"),
)
# What this project keeps of executions, and of its patches, likewise.
OWN_STATE = (
    SharedState("local.patching._applied", "a patch stays applied"),
    SharedState("local.step_functions.callback_task.CallbackTask.by_token", _TOKENS),
    SharedState("local.step_functions.callback_task.CallbackTask.machine_of", _TOKENS),
    SharedState("local.step_functions.callback_task.CallbackTask.waiter_of", _TOKENS),
    SharedState("local.step_functions.callback_task.CallbackTask.of_execution", _TOKENS),
    SharedState("local.step_functions.services._services", "replaced when an endpoint begins"),
    SharedState("local.events.patches._lanes", "replaced when an endpoint begins"),
)
