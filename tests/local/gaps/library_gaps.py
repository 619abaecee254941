# SPDX-License-Identifier: MIT-0
"""Prints, as JSON, which of the gaps in the registry the plain libraries still have.

A program of its own, because the process of the tests has the libraries patched.
"""

import inspect
import json
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import moto.core.responses
import moto.core.utils
from botocore.loaders import Loader
from moto.core import config
from moto.events.models import Rule
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.stepfunctions import urls
from moto.stepfunctions.parser import models
from moto.stepfunctions.parser.api import TaskTimedOut
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_factory,
)
from moto.stepfunctions.parser.asl.eval.program_state import (
    ProgramError,
    ProgramRunning,
    ProgramStopped,
)
from moto.stepfunctions.parser.asl.jsonata import jsonata
from moto.stepfunctions.responses import StepFunctionResponse

from . import (
    durable_gaps,
    interpreter_gaps,
    jsonata_gaps,
    queue_gaps,
    task_gaps,
    thread_gaps,
    time_gaps,
    value_gaps,
)
from .plain_interpreter import backend, ended, succeed


def interpreter_imports_ec2() -> bool:
    source = inspect.getsource(state_task_service_factory)
    return "state_task_service_batch import (" in source and "moto.ec2" in sys.modules


def state_machines_do_not_run() -> bool:
    return '"stepfunctions": {"execute_state_machine": False}' in inspect.getsource(config)


def backend_takes_no_subclass() -> bool:
    return "BackendDict(StepFunctionsParserBackend" in inspect.getsource(models)


def response_takes_no_subclass() -> bool:
    return bool(urls.url_paths == {"{0}/$": StepFunctionResponse.dispatch})


def jsonata_has_no_evaluator() -> bool:
    return jsonata._eval_jsonata is None


def error_has_no_code() -> bool:
    return isinstance(TaskTimedOut.TYPE, type(None))


def failure_loses_its_cause() -> bool:
    received: dict[str, Any] = {}

    def send_task_failure(_token: str, **arguments: Any) -> None:
        received.update(arguments)

    StepFunctionResponse.send_task_failure(
        SimpleNamespace(
            _get_param=lambda name: name,
            stepfunction_backend=SimpleNamespace(send_task_failure=send_task_failure),
        )
    )
    return "cause" not in received


def execution_without_a_name_is_called_none() -> bool:
    execution = backend().start_execution(succeed().arn, None, "{}")
    return bool(execution.exec_arn.endswith(":None"))


def input_may_be_nan() -> bool:
    execution = backend().start_execution(succeed().arn, "nan", '{"a": NaN}')
    return bool(ended(execution.exec_arn).status == "SUCCEEDED")


def ended_execution_waits_for_its_task() -> bool:
    environment = ended(backend().start_execution(succeed().arn, "stop", "{}").exec_arn)
    environment = environment.exec_worker.env
    environment._program_state = ProgramRunning()
    task = environment.callback_pool_manager.add("token")
    environment.set_stop(None, None, None)
    return not task._notify_event.is_set()


def stopped_execution_may_still_fail() -> bool:
    environment = ended(backend().start_execution(succeed().arn, "fail", "{}").exec_arn)
    environment = environment.exec_worker.env
    environment._program_state = ProgramStopped(None, None, None)
    environment.set_error({})
    return isinstance(environment._program_state, ProgramError)


def response(**parameters: Any) -> Any:
    return SimpleNamespace(_get_param=parameters.get, stepfunction_backend=backend())


def event_has_its_time_as_text() -> bool:
    execution = ended(backend().start_execution(succeed().arn, "times", "{}").exec_arn)
    given = response(executionArn=execution.exec_arn)
    [first, *_] = StepFunctionResponse.get_execution_history(given).result["events"]
    return isinstance(first["timestamp"], str)


def history_has_no_pages() -> bool:
    execution = ended(backend().start_execution(succeed().arn, "pages", "{}").exec_arn)

    def events(**parameters: Any) -> list[dict[str, Any]]:
        given = response(executionArn=execution.exec_arn, **parameters)
        found: list[dict[str, Any]] = StepFunctionResponse.get_execution_history(given).result[
            "events"
        ]
        return found

    [started, *_] = events(reverseOrder=True, includeExecutionData=False)
    return (
        len(events(maxResults=1)) > 1
        and started["type"] == "ExecutionStarted"
        and "input" in started["executionStartedEventDetails"]
    )


def stop_loses_its_error() -> bool:
    parameters = inspect.signature(type(backend()).stop_execution).parameters
    return not {"error", "cause"} & set(parameters)


def managed_policy_is_unknown() -> bool:
    iam = iam_backends["123456789012"]["aws"]
    iam.create_role("r", "{}", "/", None, "", [], "3600")
    iam.create_user("us-east-1", "u")
    iam.create_group("g")

    def is_unknown(attach: Callable[[str, str], None], name: str) -> bool:
        try:
            attach("arn:aws:iam::aws:policy/AWSLambda_FullAccess", name)
        except NotFoundException:
            return True
        return False

    return (
        is_unknown(iam.attach_role_policy, "r")
        and is_unknown(iam.attach_user_policy, "u")
        and is_unknown(iam.attach_group_policy, "g")
    )


def every_service_has_a_loader() -> bool:
    return moto.core.utils.create_loader() is not moto.core.utils.create_loader()


def every_request_lists_the_services() -> bool:
    source = inspect.getsource(DomainDispatcherApplication.get_backend_for_host)
    return "list_of_moto_modules()" in source


def result_is_serialized_field_by_field() -> bool:
    return "serializer.serialize(" in inspect.getsource(moto.core.responses.ActionResult)


def every_call_lists_the_methods() -> bool:
    names = moto.core.responses.method_names_from_class(StepFunctionResponse)
    return names is not moto.core.responses.method_names_from_class(StepFunctionResponse)


def every_session_parses_the_regions() -> bool:
    return Loader().load_data("endpoints") is not Loader().load_data("endpoints")


def rule_does_not_invoke_functions() -> bool:
    source = inspect.getsource(Rule.send_to_targets).lower()
    return not [word for word in ("lambda", "state", "policy") if word in source]


GAPS: list[Callable[[], bool]] = [
    interpreter_imports_ec2,
    state_machines_do_not_run,
    backend_takes_no_subclass,
    response_takes_no_subclass,
    jsonata_has_no_evaluator,
    error_has_no_code,
    failure_loses_its_cause,
    execution_without_a_name_is_called_none,
    input_may_be_nan,
    ended_execution_waits_for_its_task,
    stopped_execution_may_still_fail,
    event_has_its_time_as_text,
    history_has_no_pages,
    stop_loses_its_error,
    managed_policy_is_unknown,
    every_service_has_a_loader,
    every_request_lists_the_services,
    result_is_serialized_field_by_field,
    every_call_lists_the_methods,
    every_session_parses_the_regions,
    rule_does_not_invoke_functions,
    *durable_gaps.GAPS,
    *interpreter_gaps.GAPS,
    *jsonata_gaps.GAPS,
    *queue_gaps.GAPS,
    *task_gaps.GAPS,
    *thread_gaps.GAPS,
    *time_gaps.GAPS,
    *value_gaps.GAPS,
]

if __name__ == "__main__":
    config.default_user_config["stepfunctions"] = {"execute_state_machine": True}
    print(json.dumps({gap.__name__: gap() for gap in GAPS}))
