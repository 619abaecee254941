# SPDX-License-Identifier: MIT-0
"""moto's Step Functions, mended where it lacks what the pattern needs.

Every function named `mend_…` closes one gap of moto 5.2.5, and has a test that fails once moto
closes it itself.
"""

import json
import threading
import uuid
import warnings
from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

from aws_durable_execution_sdk_python_testing.clock import Clock
from jsonata.jsonata import Jsonata

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from moto.core.base_backend import BackendDict
    from moto.core.config import default_user_config
    from moto.core.exceptions import AWSError
    from moto.core.responses import EmptyResult
    from moto.stepfunctions.exceptions import InvalidExecutionInput, InvalidToken
    from moto.stepfunctions.parser import models
    from moto.stepfunctions.parser.api import (
        EvaluationFailedEventDetails,
        HistoryEventType,
    )
    from moto.stepfunctions.parser.asl.component.common import outputdecl, parargs
    from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
        FailureEvent,
        FailureEventException,
    )
    from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import (
        StatesErrorName,
    )
    from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
        StatesErrorNameType,
    )
    from moto.stepfunctions.parser.asl.component.common.jsonata.jsonata_template_binding import (
        JSONataTemplateBinding,
    )
    from moto.stepfunctions.parser.asl.component.common.string.string_expression import (
        StringJSONata,
    )
    from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSeconds
    from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
        state_task_service_lambda,
    )
    from moto.stepfunctions.parser.asl.eval.callback import callback
    from moto.stepfunctions.parser.asl.eval.environment import Environment
    from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
    from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
    from moto.stepfunctions.parser.asl.jsonata import jsonata, validations
    from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
    from moto.stepfunctions.responses import StepFunctionResponse


def mend(clock: Clock, lambda_client: Any) -> None:
    """Turn moto's interpreter on, mended. Everything moto remembers of before is forgotten."""
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    mend_jsonata()
    mend_undefined_expressions()
    mend_invocation_type()
    mend_lambda_client(lambda_client)
    mend_default_timeout()
    mend_time(clock)
    mend_callbacks(clock)


def mend_jsonata() -> None:
    """The evaluator is an empty slot."""
    jsonata._eval_jsonata = _evaluate


def _evaluate(expression: str) -> Any:
    try:
        # Through JSON and back: the library returns lists of a class of its own.
        return json.loads(json.dumps(Jsonata(expression).evaluate(None)))
    except Exception as error:
        raise jsonata.JSONataException("", str(error)) from error


_field_path = threading.local()


def mend_undefined_expressions() -> None:
    """The cause of a failed expression does not say which field it was for.

    The wording for an expression without a value is recorded from the real service.
    """
    for component, name in (
        (parargs.Parargs, lambda _: "Arguments"),
        (outputdecl.Output, lambda _: "Output"),
        (JSONataTemplateBinding, lambda binding: binding.identifier),
    ):
        component._eval_body = _at_field(component._eval_body, name)
    validations._validate_null_output = _refuse_undefined
    StringJSONata._eval_body = _refuse_error(StringJSONata._eval_body)
    EventManager.add_event = _say_once(EventManager.add_event)


def _at_field(
    evaluate: Callable[[Any, Environment], None], name: Callable[[Any], str]
) -> Callable[[Any, Environment], None]:
    evaluate = getattr(evaluate, "unmended", evaluate)

    def evaluate_at_field(self: Any, env: Environment) -> None:
        path = vars(_field_path).setdefault("parts", [])
        path.append(name(self))
        try:
            evaluate(self, env)
        finally:
            path.pop()

    evaluate_at_field.unmended = evaluate  # type: ignore[attr-defined]
    return evaluate_at_field


def _refuse_undefined(env: Environment, expression: str, rich_expression: str) -> None:
    if not jsonata.eval_jsonata_expression(f"$exists({rich_expression})"):
        raise _evaluation_failed(env, expression, "returned nothing (undefined).")


def _refuse_error(
    evaluate: Callable[[Any, Environment], None],
) -> Callable[[Any, Environment], None]:
    evaluate = getattr(evaluate, "unmended", evaluate)

    def evaluate_or_fail(self: Any, env: Environment) -> None:
        try:
            evaluate(self, env)
        except jsonata.JSONataException as error:
            failure = _evaluation_failed(
                env, self.expression, f"threw an error during evaluation. {error.details}"
            )
            env.event_manager.add_event(
                context=env.event_history_context,
                event_type=HistoryEventType.EvaluationFailed,
                event_details=EventDetails(
                    evaluationFailedEventDetails=failure.get_evaluation_failed_event_details()
                ),
            )
            raise failure from None

    evaluate_or_fail.unmended = evaluate  # type: ignore[attr-defined]
    return evaluate_or_fail


def _say_once(add_event: Callable[..., int]) -> Callable[..., int]:
    """A task's failed evaluation is recorded twice, the second time without its state."""
    add_event = getattr(add_event, "unmended", add_event)

    def add_event_once(self: EventManager, *args: Any, **kwargs: Any) -> int:
        details = (kwargs.get("event_details") or {}).get("evaluationFailedEventDetails")
        last = self._history_event_list[-1] if self._history_event_list else {}
        said = last.get("evaluationFailedEventDetails", {}).get("cause", "")
        if details and said.endswith(details["cause"]):
            return int(last["id"])
        return add_event(self, *args, **kwargs)

    add_event_once.unmended = add_event  # type: ignore[attr-defined]
    return add_event_once


def _evaluation_failed(env: Environment, expression: str, what: str) -> FailureEventException:
    error_name = StatesErrorName(typ=StatesErrorNameType.StatesQueryEvaluationError)
    field = "/".join(vars(_field_path).get("parts", []))
    return FailureEventException(
        FailureEvent(
            env=env,
            error_name=error_name,
            event_type=HistoryEventType.EvaluationFailed,
            event_details=EventDetails(
                evaluationFailedEventDetails=EvaluationFailedEventDetails(
                    error=error_name.error_name,
                    cause=f"The JSONata expression '{expression}' specified for the field "
                    f"'{field}' {what}",
                )
            ),
        )
    )


def mend_invocation_type() -> None:
    """InvocationType is dropped from the arguments of a Lambda task."""
    state_task_service_lambda._SUPPORTED_API_PARAM_BINDINGS["invoke"].add("InvocationType")


def mend_lambda_client(lambda_client: Any) -> None:
    """Every task makes a client of its own, for a port that only an environment variable sets."""
    lambda_eval_utils.boto_client_for = lambda **_: lambda_client


def mend_default_timeout() -> None:
    """A task with HeartbeatSeconds and no TimeoutSeconds times out after 60 seconds."""
    TimeoutSeconds._eval_seconds = lambda self, env: (
        self.DEFAULT_TIMEOUT_SECONDS if self.is_default else self.timeout_seconds
    )


def mend_time(clock: Clock) -> None:
    """Events carry the machine's time, which stands still while a durable wait is passed over."""
    EventManager._get_current_timestamp = staticmethod(clock.now)


class TaskTimedOut(AWSError):
    """The task is closed. moto has an exception of this name whose code never reaches a client."""

    TYPE = "TaskTimedOut"
    STATUS = 400


class TaskEndpoint(callback.CallbackEndpoint):
    """Where the answer to one task token arrives. The first answer counts, and no second."""

    by_token: ClassVar[dict[str, "TaskEndpoint"]] = {}

    def __init__(self, callback_id: str) -> None:
        super().__init__(callback_id)
        self._lock = threading.Lock()
        self._is_closed = False
        self.by_token[callback_id] = self

    def setup_heartbeat_endpoint(self, heartbeat_seconds: int) -> Any:
        endpoint = super().setup_heartbeat_endpoint(heartbeat_seconds)
        if self._notify_event.is_set():
            # The answer was faster than the state: nothing else would wake it.
            endpoint.notify()
        return endpoint

    def notify(self, outcome: callback.CallbackOutcome) -> None:
        if not self._close():
            _refuse_closed()
        super().notify(outcome)

    def notify_heartbeat(self) -> bool:
        if self._is_closed:
            _refuse_closed()
        super().notify_heartbeat()
        return True

    def interrupt_all(self) -> None:
        self._close()
        super().interrupt_all()

    def _close(self) -> bool:
        with self._lock:
            was_open = not self._is_closed
            self._is_closed = True
            return was_open


def _refuse_closed() -> NoReturn:
    raise TaskTimedOut("Task Timed Out: 'Provided task does not exist anymore'")


class StepFunctionsBackend(models.StepFunctionsParserBackend):
    """moto's backend with the service's own rules for starting and for answering tasks."""

    clock: ClassVar[Clock]

    def start_execution(
        self,
        state_machine_arn: str,
        name: str | None = None,
        execution_input: str | None = None,
        trace_header: str | None = None,
    ) -> Any:
        try:
            json.loads(execution_input or "{}", parse_constant=_refuse_constant)
        except ValueError as error:
            raise InvalidExecutionInput(
                f"Invalid State Machine Execution Input: '{error}'"
            ) from None
        execution = super().start_execution(
            state_machine_arn, name or str(uuid.uuid4()), execution_input, trace_header
        )
        execution.start_date = self.clock.now()
        return execution

    def send_task_success(self, task_token: str, outcome: str) -> None:
        _task(task_token).notify(callback.CallbackOutcomeSuccess(task_token, outcome))

    def send_task_failure(
        self, task_token: str, error: str | None = None, cause: str | None = None
    ) -> None:
        _task(task_token).notify(callback.CallbackOutcomeFailure(task_token, error, cause))

    def send_task_heartbeat(self, task_token: str) -> None:
        _task(task_token).notify_heartbeat()


def _task(token: str) -> TaskEndpoint:
    if token not in TaskEndpoint.by_token:
        raise InvalidToken("'Invalid token'")
    return TaskEndpoint.by_token[token]


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def mend_callbacks(clock: Clock) -> None:
    """Callbacks: early ones are lost, late ones are InvalidToken, second ones overwrite the first,
    failures lose their cause; and an execution without a name is called None.
    """
    StepFunctionsBackend.clock = clock
    TaskEndpoint.by_token.clear()
    callback.CallbackEndpoint = TaskEndpoint
    models.stepfunctions_parser_backends = BackendDict(StepFunctionsBackend, "stepfunctions")

    def send_task_failure(self: StepFunctionResponse) -> EmptyResult:
        self.stepfunction_backend.send_task_failure(
            self._get_param("taskToken"), self._get_param("error"), self._get_param("cause")
        )
        return EmptyResult()

    StepFunctionResponse.send_task_failure = send_task_failure

    def terminated(self: BaseExecutionWorkerCommunication) -> None:
        self._reflect_execution_status()
        self.execution.stop_date = clock.now()

    BaseExecutionWorkerCommunication.terminated = terminated
