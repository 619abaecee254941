# SPDX-License-Identifier: MIT-0
"""moto's Step Functions, mended where it lacks what the pattern needs.

Every function named `mend_…` closes one gap of moto 5.2.5, and has a test that fails once moto
closes it itself.
"""

import json
from collections.abc import Callable
from typing import Any

from aws_durable_execution_sdk_python_testing.clock import Clock
from moto.core.base_backend import BackendDict
from moto.core.config import default_user_config
from moto.core.exceptions import AWSError
from moto.core.responses import ActionResult, EmptyResult
from moto.stepfunctions.parser import api, models
from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import (
    EvalTimeoutError,
    TimeoutSeconds,
)
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_lambda,
)
from moto.stepfunctions.parser.asl.eval.callback import callback
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped, ProgramTimedOut
from moto.stepfunctions.parser.asl.eval.states import ContextObject
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.responses import StepFunctionResponse

from .history import mend_history
from .jsonata import mend_jsonata, mend_undefined_expressions
from .mending import mended, unmended
from .step_functions_backend import StepFunctionsBackend
from .task_endpoint import TaskEndpoint


def mend(clock: Clock, lambda_client: Callable[[str], Any]) -> None:
    """Turn moto's interpreter on, mended. Everything moto remembers of before is forgotten."""
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    mend_jsonata()
    mend_undefined_expressions()
    mend_invocation_type()
    mend_lambda_client(lambda_client)
    mend_default_timeout()
    mend_time(clock)
    mend_error_codes()
    mend_tasks()
    mend_endings()
    mend_task_output()
    mend_history()
    mend_backend(clock)


def mend_invocation_type() -> None:
    """InvocationType is dropped from the arguments of a Lambda task."""
    state_task_service_lambda._SUPPORTED_API_PARAM_BINDINGS["invoke"].add("InvocationType")


def mend_lambda_client(lambda_client: Callable[[str], Any]) -> None:
    """Every task makes a client of its own, for a port that only an environment variable sets,
    and with credentials that are nobody's instead of the state machine's role's.
    """
    lambda_eval_utils.boto_client_for = lambda state_credentials, **_: lambda_client(
        state_credentials.role_arn
    )


def mend_default_timeout() -> None:
    """A task with HeartbeatSeconds and no TimeoutSeconds times out after 60 seconds."""
    TimeoutSeconds._eval_seconds = lambda self, env: (
        self.DEFAULT_TIMEOUT_SECONDS if self.is_default else self.timeout_seconds
    )


def mend_time(clock: Clock) -> None:
    """Events carry the machine's time, which stands still while a durable wait is passed over."""
    EventManager._get_current_timestamp = staticmethod(clock.now)


def mend_error_codes() -> None:
    """Most errors reach a client without their code."""
    for error in filter(_is_error, vars(api).values()):
        error.TYPE = error.code


def _is_error(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, AWSError) and hasattr(value, "code")


def mend_tasks() -> None:
    """Callbacks that come early are lost, late ones are InvalidToken, and a second one replaces
    the first; and nobody knows which state machine a token is of.
    """
    TaskEndpoint.by_token.clear()
    TaskEndpoint.machine_of.clear()
    callback.CallbackEndpoint = TaskEndpoint
    update_task_token = unmended(ContextObject.update_task_token)

    def update(self: ContextObject) -> str:
        token = str(update_task_token(self))
        TaskEndpoint.machine_of[token] = self.context_object_data["StateMachine"]["Id"]
        return token

    ContextObject.update_task_token = mended(update, update_task_token)


def mend_endings() -> None:
    """An execution that is stopped or times out goes on waiting for its task, and a task that
    times out takes an answer still.
    """
    for method, event_type in (
        ("set_stop", HistoryEventType.ExecutionAborted),
        ("set_timed_out", HistoryEventType.ExecutionTimedOut),
    ):
        setattr(Environment, method, _ending(getattr(Environment, method), event_type))
    set_error = unmended(Environment.set_error)

    def set_error_unless_ended(self: Environment, error: Any) -> None:
        # The task that is interrupted on the way out fails, but that is not how it ended.
        if not isinstance(self._program_state, ProgramStopped | ProgramTimedOut):
            set_error(self, error)

    Environment.set_error = mended(set_error_unless_ended, set_error)
    evaluate = unmended(ExecutionState._evaluate_with_timeout)

    def evaluate_and_close(self: ExecutionState, env: Environment) -> None:
        try:
            evaluate(self, env)
        except EvalTimeoutError:
            token = env.states.context_object.context_object_data.get("Task", {}).get("Token")
            if token is not None:
                TaskEndpoint.of(token).interrupt_all()
            raise

    ExecutionState._evaluate_with_timeout = mended(evaluate_and_close, evaluate)


def _ending(end: Callable[..., None], event_type: str) -> Callable[..., None]:
    end = unmended(end)

    def end_with_tasks(self: Environment, *args: Any, **kwargs: Any) -> None:
        if self.is_running():
            self.event_manager.last_event_type = event_type
        end(self, *args, **kwargs)
        for endpoint in list(self.callback_pool_manager._pool.values()):
            endpoint.interrupt_all()

    return mended(end_with_tasks, end)


def mend_task_output() -> None:
    """The output of a Lambda task lacks the metadata of its HTTP answer."""
    lambda_eval_utils.select_from_typed_dict = _task_output


def _task_output(typed_dict: Any, obj: dict[str, Any]) -> dict[str, Any]:
    metadata = obj["ResponseMetadata"]
    headers = {name.title(): value for name, value in metadata["HTTPHeaders"].items()}
    output = {key: obj[key] for key in typed_dict.__annotations__ if key in obj}
    return {
        **output,
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in headers.items()},
            "HttpHeaders": headers,
            "HttpStatusCode": metadata["HTTPStatusCode"],
        },
        "SdkResponseMetadata": {"RequestId": metadata["RequestId"]},
    }


def mend_backend(clock: Clock) -> None:
    """Executions without a name are called None; failures lose their cause, stops theirs too;
    an output that is a text is no JSON, and what timed out has no end.
    """
    StepFunctionsBackend.clock = clock
    models.stepfunctions_parser_backends = BackendDict(StepFunctionsBackend, "stepfunctions")

    def send_task_failure(self: StepFunctionResponse) -> EmptyResult:
        self.stepfunction_backend.send_task_failure(
            self._get_param("taskToken"), self._get_param("error"), self._get_param("cause")
        )
        return EmptyResult()

    def stop_execution(self: StepFunctionResponse) -> ActionResult:
        execution = self.stepfunction_backend.stop_execution(
            self._get_param("executionArn"), self._get_param("error"), self._get_param("cause")
        )
        return ActionResult({"stopDate": execution.stop_date})

    def terminated(self: BaseExecutionWorkerCommunication) -> None:
        self._reflect_execution_status()
        self.execution.stop_date = clock.now()

    describe_execution = unmended(StepFunctionResponse.describe_execution)

    def describe(self: StepFunctionResponse) -> ActionResult:
        described = describe_execution(self)
        execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        if execution.stop_date is not None:
            described.result["stopDate"] = execution.stop_date
        if "output" in described.result:
            described.result["output"] = json.dumps(execution.output, separators=(",", ":"))
        return described

    StepFunctionResponse.describe_execution = mended(describe, describe_execution)
    StepFunctionResponse.send_task_failure = send_task_failure
    StepFunctionResponse.stop_execution = stop_execution
    BaseExecutionWorkerCommunication.terminated = terminated
