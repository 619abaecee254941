# SPDX-License-Identifier: MIT-0
"""Which gaps moto's tasks still have: what they call, as whom, and how they are answered."""

import inspect
from collections.abc import Callable
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError
from moto.stepfunctions.parser.api import InvocationResponse
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSeconds
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_aws_sdk,
    state_task_service_lambda,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (  # noqa: E501
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task_activitiy import (
    StateTaskActivity,
)
from moto.stepfunctions.parser.asl.eval.callback import callback
from moto.stepfunctions.parser.asl.eval.states import ContextObject

from .plain_interpreter import FAILING


def answer(name: str) -> callback.CallbackOutcome:
    return callback.CallbackOutcomeSuccess("token", name)


def invocation_type_is_dropped() -> bool:
    supported = state_task_service_lambda._SUPPORTED_API_PARAM_BINDINGS["invoke"]
    return "InvocationType" not in supported


def lambda_clients_are_for_another_port() -> bool:
    client, other = (
        lambda_eval_utils.boto_client_for(region="us-east-1", service="lambda") for _ in range(2)
    )
    is_for_another_port = client.meta.endpoint_url == "http://localhost:5000"
    return bool(client is not other and is_for_another_port and has_made_up_credentials(client))


def has_made_up_credentials(client: Any) -> bool:
    return bool(client._request_signer._credentials.access_key == "ak")


def sdk_integration_sends_values() -> bool:
    task = state_task_service_aws_sdk.StateTaskServiceAwsSdk()
    client = state_task_service_aws_sdk.boto_client_for(region="us-east-1", service="sqs")
    parameters, moment = {"Payload": {"a": 1}}, datetime(2026, 1, 1)
    task._normalise_parameters(parameters)
    return all(
        [
            client.meta.endpoint_url == "http://localhost:5000" and has_made_up_credentials(client),
            "time.sleep" in inspect.getsource(StateTaskServiceCallback._eval_sync),
            parameters["Payload"] == {"a": 1},
            task._to_sfn_cased("MD5OfMessageBody") == "Md5OfMessageBody",
            task._from_boto_response_value(b"a") == b"a",
            task._from_boto_response_value(moment) is moment,
        ]
    )


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


def activity_without_a_worker_breaks() -> bool:
    try:
        callback.ActivityTaskStartEndpoint().wait(0)
    except AttributeError:
        return True
    return False


def activity_task_outlives_its_execution() -> bool:
    return "interrupt_all" not in inspect.getsource(StateTaskActivity._eval_execution)


def heartbeat_of_an_activity_has_no_error_of_its_own() -> bool:
    failure = StateTaskActivity._from_error(None, FAILING, callback.HeartbeatTimeoutError())
    return bool(failure.error_name.error_name == "States.Timeout")


def heartbeat_alone_times_out_after_a_minute() -> bool:
    return bool(TimeoutSeconds(60, is_default=True)._eval_seconds(None) == 60)


def early_answer_wakes_no_state() -> bool:
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


def task_that_has_timed_out_is_not_closed() -> bool:
    return "interrupt_all" not in inspect.getsource(ExecutionState._evaluate_with_timeout)


def heartbeat_needs_a_heartbeat_timeout() -> bool:
    return callback.CallbackEndpoint("token").notify_heartbeat() is False


def task_output_has_no_metadata() -> bool:
    metadata = {"SdkHttpMetadata", "SdkResponseMetadata"}
    return not metadata & set(InvocationResponse.__annotations__)


def task_token_has_no_state_machine() -> bool:
    return "StateMachine" not in inspect.getsource(ContextObject.update_task_token)


GAPS: list[Callable[[], bool]] = [
    invocation_type_is_dropped,
    lambda_clients_are_for_another_port,
    sdk_integration_sends_values,
    error_outside_the_model_has_its_code_for_a_name,
    activity_without_a_worker_breaks,
    activity_task_outlives_its_execution,
    heartbeat_of_an_activity_has_no_error_of_its_own,
    heartbeat_alone_times_out_after_a_minute,
    early_answer_wakes_no_state,
    second_answer_replaces_the_first,
    closed_task_takes_an_answer,
    task_that_has_timed_out_is_not_closed,
    heartbeat_needs_a_heartbeat_timeout,
    task_output_has_no_metadata,
    task_token_has_no_state_machine,
]
