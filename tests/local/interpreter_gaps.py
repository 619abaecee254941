# SPDX-License-Identifier: MIT-0
"""Which gaps moto's interpreter still has: threads, errors, the context object and the parser."""

import contextlib
import inspect
import json
import sys
import threading
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from moto.stepfunctions.parser.api import InvalidDefinition
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import (
    CustomErrorName,
)
from moto.stepfunctions.parser.asl.component.common.error_name.error_equals_decl import (
    ErrorEqualsDecl,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import (
    StatesErrorName,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.program.program import Program
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import (
    inline_iteration_component,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.iteration_worker import (  # noqa: E501
    IterationWorker,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (  # noqa: E501
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task import StateTask
from moto.stepfunctions.parser.asl.parse import asl_parser
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.parser.utils import TMP_THREADS

from .plain_interpreter import ROLE, backend, run, succeed

END = {"Type": "Pass", "End": True}
ITEM = {"StartAt": "I", "States": {"I": END}}
NO_MATCH = {"a.$": "$.nothing"}
LAMBDA = "arn:aws:states:::lambda:invoke"


def refused_definition_leaves_its_query_language() -> bool:
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": "S",
        "States": {"S": {**END, "Parameters": {}}},
    }
    with contextlib.suppress(InvalidDefinition):
        backend().create_state_machine("refused", json.dumps(definition), ROLE)
    was_left = bool(Preprocessor._query_language_per_scope)
    Preprocessor._query_language_per_scope.clear()
    return was_left


def inner_state_has_the_language_of_its_map() -> bool:
    inner = {"StartAt": "I", "States": {"I": {**END, "Parameters": {"a": 1}}}}
    state = {"Type": "Map", "QueryLanguage": "JSONata", "Items": [1], "ItemProcessor": inner}
    try:
        return bool(run({**state, "End": True}).status != "SUCCEEDED")
    except InvalidDefinition:
        Preprocessor._query_language_per_scope.clear()
        return True


def delimited_text_is_refused_in_json_path() -> bool:
    try:
        return bool(run({"Type": "Fail", "Cause": "{% 1 %}"}).cause != "{% 1 %}")
    except InvalidDefinition:
        Preprocessor._query_language_per_scope.clear()
        return True


def parser_caches_have_no_lock() -> bool:
    return "Lock" not in inspect.getsource(asl_parser)


def validation_forgets_its_program() -> bool:
    parse, parsed = AmazonStateLanguageParser.parse, Counter[str]()

    def count(definition: str) -> Any:
        parsed.update([definition])
        return parse(definition)

    AmazonStateLanguageParser.parse = count
    for _ in range(2):
        StepFunctionsParserBackend._validate_definition(json.dumps(ITEM))
    AmazonStateLanguageParser.parse = parse
    return parsed[json.dumps(ITEM)] == 2


def dead_thread_leaves_its_execution_running() -> bool:
    hook, evaluate = threading.excepthook, Program._eval_body
    threading.excepthook = lambda _: None
    Program._eval_body = lambda *_: sys.exit()
    execution = backend().start_execution(succeed().arn, "dead", "{}")
    for thread in list(TMP_THREADS):
        thread.join(timeout=5)
    threading.excepthook, Program._eval_body = hook, evaluate
    return bool(execution.status == "RUNNING")


def dead_task_leaves_its_state_waiting() -> bool:
    source = inspect.getsource(ExecutionState._evaluate_with_timeout)
    return "except Exception as ex" in source and "finally" not in source


def unexpected_error_quotes_data() -> bool:
    failed = run({**END, "Parameters": {"a.$": "States.MathAdd($.a, 1)"}}, '{"a": "secret"}')
    return "secret" in failed.cause


def iterations_are_recursive() -> bool:
    return "self._eval_pool(" in inspect.getsource(IterationWorker._eval_pool)


def iterations_are_all_at_once() -> bool:
    source = inspect.getsource(inline_iteration_component.InlineIterationComponent._eval_body)
    return "len(input_items)" in source


def error_of_the_service_cannot_be_raised() -> bool:
    try:
        CustomErrorName("States.Timeout")
    except ValueError:
        return True
    return False


def all_applies_to_terminal_errors() -> bool:
    stack: list[Any] = [StatesErrorName(StatesErrorNameType.StatesRuntime)]
    every_error = ErrorEqualsDecl([StatesErrorName(StatesErrorNameType.StatesALL)])
    every_error._eval_body(SimpleNamespace(stack=stack))
    return stack == [True]


def heartbeat_has_no_error_of_its_own() -> bool:
    return "HeartbeatTimeout" not in inspect.getsource(StateTask)


def path_without_a_match_does_not_name_its_field() -> bool:
    failed = run({"Type": "Task", "Resource": LAMBDA, "Parameters": NO_MATCH, "End": True})
    return "for the field 'a.$'" not in failed.cause


def cause_names_the_latest_event() -> bool:
    failed = run(
        {"Type": "Map", "ItemProcessor": ITEM, "ResultSelector": NO_MATCH, "End": True}, "[1]"
    )
    return "(entered at the event id #2)" not in failed.cause


def entered_time_has_another_format() -> bool:
    execution = run({**END, "Parameters": {"at.$": "$$.State.EnteredTime"}})
    return not str(execution.output["at"]).endswith("Z")


def retry_has_the_token_of_the_attempt_before() -> bool:
    # Made where the state begins, and not where an attempt does.
    attempt = inspect.getsource(ExecutionState._evaluate_with_timeout)
    return "update_task_token" in inspect.getsource(StateTaskServiceCallback._eval_body) and (
        "update_task_token" not in attempt
    )


def no_execution_is_redriven() -> bool:
    return not hasattr(backend(), "redrive_execution")


GAPS: list[Callable[[], bool]] = [
    refused_definition_leaves_its_query_language,
    inner_state_has_the_language_of_its_map,
    delimited_text_is_refused_in_json_path,
    parser_caches_have_no_lock,
    validation_forgets_its_program,
    dead_thread_leaves_its_execution_running,
    dead_task_leaves_its_state_waiting,
    unexpected_error_quotes_data,
    iterations_are_recursive,
    iterations_are_all_at_once,
    error_of_the_service_cannot_be_raised,
    all_applies_to_terminal_errors,
    heartbeat_has_no_error_of_its_own,
    path_without_a_match_does_not_name_its_field,
    cause_names_the_latest_event,
    entered_time_has_another_format,
    no_execution_is_redriven,
    retry_has_the_token_of_the_attempt_before,
]
