# SPDX-License-Identifier: MIT-0
"""Which gaps moto's interpreter still has: threads, errors, the context object and the parser."""

import contextlib
import inspect
import json
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
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (  # noqa: E501
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task import StateTask
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.asl.parse import asl_parser
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from .plain_interpreter import FAILING, ROLE, backend, run

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
    one, other = Preprocessor(), Preprocessor()
    return was_left and one._query_language_per_scope is other._query_language_per_scope


def inner_state_has_the_language_of_its_map() -> bool:
    inner = {"StartAt": "I", "States": {"I": {**END, "Parameters": {"a": 1}}}}
    outer = {"QueryLanguage": "JSONata", "End": True}
    return is_refused(
        {**outer, "Type": "Map", "Items": [1], "ItemProcessor": inner}
    ) and is_refused({**outer, "Type": "Parallel", "Branches": [inner]})


def is_refused(state: dict[str, Any]) -> bool:
    try:
        run(state)
    except InvalidDefinition:
        Preprocessor._query_language_per_scope.clear()
        return True
    return False


def delimited_text_is_refused_in_json_path() -> bool:
    return is_refused({"Type": "Fail", "Cause": "{% 1 %}"})


def name_of_a_query_language_is_no_text() -> bool:
    return is_refused({**END, "Result": "JSONata"}) and is_refused({**END, "Result": "JSONPath"})


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


def every_execution_parses_its_definition() -> bool:
    return "AmazonStateLanguageParser.parse(" in inspect.getsource(
        ExecutionWorker._get_evaluation_entrypoint
    )


def execution_that_begins_has_no_status() -> bool:
    return "self._program_state = None" in inspect.getsource(Environment.__init__)


def history_is_copied_for_each_page() -> bool:
    events = EventManager()
    events._history_event_list.append({})
    return events.get_event_history()[0] is not events._history_event_list[0]


def unexpected_error_quotes_data() -> bool:
    failed = run({**END, "Parameters": {"a.$": "States.MathAdd($.a, 1)"}}, '{"a": "secret"}')
    return "secret" in failed.cause


def unexpected_error_in_a_task_quotes_data() -> bool:
    failure = ExecutionState._from_error(None, FAILING, ValueError("secret"))
    return "secret" in failure.event_details["taskFailedEventDetails"]["cause"]


def error_of_the_service_cannot_be_raised() -> bool:
    try:
        CustomErrorName("States.Timeout")
    except ValueError:
        return True
    return False


def all_applies_to_terminal_errors() -> bool:
    return applies(StatesErrorNameType.StatesALL, StatesErrorNameType.StatesRuntime)


def timeout_does_not_apply_to_a_lost_heartbeat() -> bool:
    return not applies(
        StatesErrorNameType.StatesTimeout, StatesErrorNameType.StatesHeartbeatTimeout
    )


def applies(named: StatesErrorNameType, raised: StatesErrorNameType) -> bool:
    stack: list[Any] = [StatesErrorName(raised)]
    ErrorEqualsDecl([StatesErrorName(named)])._eval_body(SimpleNamespace(stack=stack))
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


def cause_quotes_the_task_token() -> bool:
    parameters = {"FunctionName": "f", "Payload.$": "$$.nothing"}
    resource = f"{LAMBDA}.waitForTaskToken"
    failed = run({"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True})
    return '"Token": ' in failed.cause


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
    name_of_a_query_language_is_no_text,
    parser_caches_have_no_lock,
    validation_forgets_its_program,
    every_execution_parses_its_definition,
    execution_that_begins_has_no_status,
    history_is_copied_for_each_page,
    unexpected_error_quotes_data,
    unexpected_error_in_a_task_quotes_data,
    error_of_the_service_cannot_be_raised,
    all_applies_to_terminal_errors,
    timeout_does_not_apply_to_a_lost_heartbeat,
    heartbeat_has_no_error_of_its_own,
    path_without_a_match_does_not_name_its_field,
    cause_names_the_latest_event,
    cause_quotes_the_task_token,
    retry_has_the_token_of_the_attempt_before,
    no_execution_is_redriven,
]
