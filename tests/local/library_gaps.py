# SPDX-License-Identifier: MIT-0
"""Prints, as JSON, which of the gaps that patches close the plain libraries still have.

A program of its own, because the process of the tests has the libraries patched.
"""

import inspect
import json
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import moto.core.responses
import moto.core.utils
from aws_durable_execution_sdk_python_testing.execution import Execution
from botocore.exceptions import ClientError
from botocore.loaders import Loader
from moto.core.config import default_user_config
from moto.events.models import Rule
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.stepfunctions.parser.api import InvocationResponse, TaskTimedOut
from moto.stepfunctions.parser.asl.component.common.retry.max_attempts_decl import (
    MaxAttemptsOutcome,
)
from moto.stepfunctions.parser.asl.component.common.retry.retrier_decl import RetrierDecl
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSeconds
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel.branches_decl import (
    BranchWorkerPool,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_aws_sdk,
    state_task_service_lambda,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import (
    WaitFunction,
)
from moto.stepfunctions.parser.asl.eval.callback import callback
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.asl.eval.program_state import (
    ProgramError,
    ProgramRunning,
    ProgramStopped,
)
from moto.stepfunctions.parser.asl.eval.states import ContextObject
from moto.stepfunctions.parser.asl.jsonata import jsonata
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.responses import StepFunctionResponse

from . import interpreter_gaps, jsonata_gaps, queue_gaps, value_gaps
from .plain_interpreter import backend, ended, machine, succeed

PAUSE_SECONDS = 0.02


def answer(name: str) -> callback.CallbackOutcome:
    return callback.CallbackOutcomeSuccess("token", name)


def jsonata_has_no_evaluator() -> bool:
    return jsonata._eval_jsonata is None


def invocation_type_is_dropped() -> bool:
    supported = state_task_service_lambda._SUPPORTED_API_PARAM_BINDINGS["invoke"]
    return "InvocationType" not in supported


def lambda_clients_are_for_another_port() -> bool:
    client = lambda_eval_utils.boto_client_for(region="us-east-1", service="lambda")
    return bool(client.meta.endpoint_url == "http://localhost:5000")


def sdk_integration_sends_values() -> bool:
    parameters = {"Payload": {"a": 1}}
    state_task_service_aws_sdk.StateTaskServiceAwsSdk()._normalise_parameters(parameters)
    return parameters["Payload"] == {"a": 1}


def error_outside_the_model_has_its_code_for_a_name() -> bool:
    error = ClientError(
        {
            "Error": {"Code": "AccessDeniedException", "Message": "no"},
            "ResponseMetadata": {
                "HTTPStatusCode": 403,
                "RequestId": "1",
                "HTTPHeaders": {},
                "HostId": "",
                "RetryAttempts": 0,
            },
        },
        "Invoke",
    )
    task = state_task_service_lambda.StateTaskServiceLambda
    return bool(task._error_cause_from_client_error(error)[0] == "Lambda.AccessDeniedException")


def activity_that_nobody_takes_breaks() -> bool:
    try:
        callback.ActivityTaskStartEndpoint().wait(0)
    except AttributeError:
        return True
    return False


def heartbeat_alone_times_out_after_a_minute() -> bool:
    return bool(TimeoutSeconds(60, is_default=True)._eval_seconds(None) == 60)


def early_answer_wakes_nobody() -> bool:
    endpoint = callback.CallbackEndpoint("token")
    endpoint.notify(answer("early"))
    return not endpoint.setup_heartbeat_endpoint(1)._next_heartbeat_event.is_set()


def second_answer_replaces_the_first() -> bool:
    endpoint = callback.CallbackEndpoint("token")
    endpoint.notify(answer("first"))
    endpoint.notify(answer("second"))
    return bool(endpoint.get_outcome().output == "second")


def closed_task_takes_an_answer() -> bool:
    endpoint = callback.CallbackEndpoint("token")
    endpoint.interrupt_all()
    endpoint.notify(answer("late"))
    return bool(endpoint.get_outcome().output == "late")


def error_has_no_code() -> bool:
    return isinstance(TaskTimedOut.TYPE, type(None))


def heartbeat_needs_a_heartbeat_timeout() -> bool:
    return callback.CallbackEndpoint("token").notify_heartbeat() is False


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


UNDEFINED = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke",
    "Arguments": {"FunctionName": "f", "Payload": "{% $states.input.nothing %}"},
    "End": True,
}


def evaluation_failures() -> list[dict[str, Any]]:
    # The evaluator's slot is filled for the purpose: nothing has a value.
    jsonata._eval_jsonata = lambda expression: False if expression.startswith("$exists") else None
    execution = backend().start_execution(machine(UNDEFINED).arn, "undefined", "{}")
    history = ended(execution.exec_arn).to_history_output()
    return [
        event["evaluationFailedEventDetails"]
        for event in history["events"]
        if event["type"] == "EvaluationFailed"
    ]


def failed_expression_does_not_name_its_field() -> bool:
    return "'Arguments/Payload'" not in evaluation_failures()[0]["cause"]


def failed_expression_is_recorded_twice() -> bool:
    return len(evaluation_failures()) == 2


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


def task_output_has_no_metadata() -> bool:
    return "SdkHttpMetadata" not in InvocationResponse.__annotations__


def response(**parameters: Any) -> Any:
    return SimpleNamespace(_get_param=parameters.get, stepfunction_backend=backend())


def history_has_no_pages() -> bool:
    execution = ended(backend().start_execution(succeed().arn, "pages", "{}").exec_arn)
    answer = StepFunctionResponse.get_execution_history(
        response(executionArn=execution.exec_arn, maxResults=1)
    )
    return len(answer.result["events"]) > 1


def stop_loses_its_error() -> bool:
    parameters = inspect.signature(type(backend()).stop_execution).parameters
    return "error" not in parameters


def events_carry_the_time_of_the_machine() -> bool:
    return "datetime.now" in inspect.getsource(EventManager._get_current_timestamp)


def task_token_has_no_state_machine() -> bool:
    return "StateMachine" not in inspect.getsource(ContextObject.update_task_token)


def execution_ends_at_the_time_of_the_machine() -> bool:
    return "datetime.now" in inspect.getsource(
        BaseExecutionWorkerCommunication._reflect_execution_status
    )


def interpreter_waits_in_real_time() -> bool:
    endpoint, branches = callback.CallbackEndpoint("token"), BranchWorkerPool(workers_num=1)
    events = (endpoint._notify_event, branches._termination_event)
    return all(isinstance(event, threading.Event) for event in events)


def takes_real_time(work: Callable[[], object]) -> bool:
    began = time.monotonic()
    work()
    return time.monotonic() - began >= PAUSE_SECONDS


def wait_state_waits_in_real_time() -> bool:
    env = SimpleNamespace(program_state_event=threading.Event(), is_running=lambda: False)
    return takes_real_time(lambda: WaitFunction._wait_interval(None, env, PAUSE_SECONDS))


def retry_pauses_in_real_time() -> bool:
    env = SimpleNamespace(stack=[])

    def pushes(*values: Any) -> SimpleNamespace:
        return SimpleNamespace(eval=lambda env: env.stack.extend(values))

    retrier = SimpleNamespace(
        error_equals=pushes(True),
        max_attempts=pushes(MaxAttemptsOutcome.SUCCESS),
        interval_seconds=pushes(PAUSE_SECONDS),
        backoff_rate=pushes(),
        max_delay_seconds=pushes(),
        jitter_strategy=pushes(),
    )
    return takes_real_time(lambda: RetrierDecl._eval_body(retrier, env))


def managed_policy_is_unknown() -> bool:
    iam = iam_backends["123456789012"]["aws"]
    iam.create_role("r", "{}", "/", None, "", [], "3600")
    try:
        iam.attach_role_policy("arn:aws:iam::aws:policy/AWSLambda_FullAccess", "r")
    except NotFoundException:
        return True
    return False


def every_service_has_a_loader() -> bool:
    return moto.core.utils.create_loader() is not moto.core.utils.create_loader()


def every_call_lists_the_methods() -> bool:
    names = moto.core.responses.method_names_from_class(StepFunctionResponse)
    return names is not moto.core.responses.method_names_from_class(StepFunctionResponse)


def every_session_parses_the_regions() -> bool:
    return Loader().load_data("endpoints") is not Loader().load_data("endpoints")


def rule_does_not_invoke_functions() -> bool:
    return "lambda" not in inspect.getsource(Rule.send_to_targets).lower()


def durable_execution_arn_is_opaque() -> bool:
    return "durable_execution_arn=str(uuid4())" in inspect.getsource(Execution.new)


GAPS: list[Callable[[], bool]] = [
    jsonata_has_no_evaluator,
    invocation_type_is_dropped,
    lambda_clients_are_for_another_port,
    sdk_integration_sends_values,
    error_outside_the_model_has_its_code_for_a_name,
    activity_that_nobody_takes_breaks,
    heartbeat_alone_times_out_after_a_minute,
    early_answer_wakes_nobody,
    second_answer_replaces_the_first,
    closed_task_takes_an_answer,
    error_has_no_code,
    heartbeat_needs_a_heartbeat_timeout,
    failure_loses_its_cause,
    execution_without_a_name_is_called_none,
    input_may_be_nan,
    failed_expression_does_not_name_its_field,
    failed_expression_is_recorded_twice,
    ended_execution_waits_for_its_task,
    stopped_execution_may_still_fail,
    task_output_has_no_metadata,
    history_has_no_pages,
    stop_loses_its_error,
    events_carry_the_time_of_the_machine,
    task_token_has_no_state_machine,
    execution_ends_at_the_time_of_the_machine,
    interpreter_waits_in_real_time,
    wait_state_waits_in_real_time,
    retry_pauses_in_real_time,
    managed_policy_is_unknown,
    every_service_has_a_loader,
    every_call_lists_the_methods,
    every_session_parses_the_regions,
    rule_does_not_invoke_functions,
    durable_execution_arn_is_opaque,
    *interpreter_gaps.GAPS,
    *jsonata_gaps.GAPS,
    *queue_gaps.GAPS,
    *value_gaps.GAPS,
]

if __name__ == "__main__":
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    print(json.dumps({gap.__name__: gap() for gap in GAPS}))
