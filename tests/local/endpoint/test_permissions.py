# SPDX-License-Identifier: MIT-0
"""The stack's own policies, in force."""

import json
import urllib.error
import urllib.request
import uuid
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.environment import environment
from local.iam.caller import AccessDenied, Caller
from local.iam.principals import access_key

from ...support.stacks.scenario import ASYNC, SYNC, Scenario

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:sfn-dfn-integration-pattern-cdk"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:"


def role_of(scenario: Scenario, function: str) -> str:
    configuration = scenario.lambda_.get_function_configuration(FunctionName=function)
    return str(configuration["Role"])


def client(scenario: Scenario, service: str, role: str) -> Any:
    """A client that signs as a role of the stack does."""
    return boto3.client(
        service,
        endpoint_url=scenario.deployment.endpoint.url,
        region_name=environment().region,
        aws_access_key_id=access_key(role),
        aws_secret_access_key="local",
    )


def refusal(error: ClientError) -> tuple[str, str]:
    return error.response["Error"]["Code"], error.response["Error"]["Message"]


def test_the_sync_function_may_send_no_callback(scenario: Scenario) -> None:
    token = scenario.run({"minutes_to_wait": 0}).task_token()
    role = role_of(scenario, SYNC)
    with pytest.raises(ClientError) as refused:
        client(scenario, "stepfunctions", role).send_task_success(taskToken=token, output="{}")

    assert refusal(refused.value) == (
        "AccessDeniedException",
        f"User: arn:aws:sts::123456789012:assumed-role/{role.rsplit('/', 1)[-1]}/local is not "
        f"authorized to perform: states:SendTaskSuccess on resource: {MACHINE} because no "
        "identity-based policy allows the states:SendTaskSuccess action",
    )


def test_the_async_function_may_answer_its_own_state_machine_only(scenario: Scenario) -> None:
    own = scenario.run({"minutes_to_wait": 0}).task_token()
    step_functions = client(scenario, "stepfunctions", role_of(scenario, ASYNC))

    with pytest.raises(step_functions.exceptions.TaskTimedOut):
        step_functions.send_task_heartbeat(taskToken=own)
    with pytest.raises(ClientError, match="states:StartExecution on resource"):
        step_functions.start_execution(stateMachineArn=MACHINE)


@pytest.mark.parametrize("qualifier", ["1", "7"])
def test_the_state_machine_may_invoke_every_version(scenario: Scenario, qualifier: str) -> None:
    role = scenario.step_functions.describe_state_machine(stateMachineArn=MACHINE)["roleArn"]
    lambda_ = client(scenario, "lambda", role)
    if qualifier == "1":
        answer = lambda_.invoke(FunctionName=SYNC, Qualifier=qualifier, Payload=b"{}")
        assert answer["StatusCode"] == 200
    else:
        with pytest.raises(lambda_.exceptions.ResourceNotFoundException):
            lambda_.invoke(FunctionName=SYNC, Qualifier=qualifier, Payload=b"{}")


def test_the_state_machine_may_invoke_nothing_unqualified(scenario: Scenario) -> None:
    role = scenario.step_functions.describe_state_machine(stateMachineArn=MACHINE)["roleArn"]
    with pytest.raises(ClientError) as refused:
        client(scenario, "lambda", role).invoke(FunctionName=SYNC, Payload=b"{}")

    code, message = refusal(refused.value)
    assert code == "AccessDeniedException"
    assert f"lambda:InvokeFunction on resource: {FUNCTION}{SYNC} because" in message


def test_a_function_may_checkpoint_and_not_read_other_functions(scenario: Scenario) -> None:
    lambda_ = client(scenario, "lambda", role_of(scenario, ASYNC))

    with pytest.raises(ClientError, match="lambda:GetFunction on resource"):
        lambda_.get_function(FunctionName=SYNC)


def test_a_refusal_reaches_the_state_machine_by_its_lambda_name(scenario: Scenario) -> None:
    role = scenario.step_functions.describe_state_machine(stateMachineArn=MACHINE)["roleArn"]

    def error_of(function: str) -> str:
        state = {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": function},
            "End": True,
        }
        definition = {"QueryLanguage": "JSONata", "StartAt": "S", "States": {"S": state}}
        machine = scenario.step_functions.create_state_machine(
            name=f"m-{uuid.uuid4()}", definition=json.dumps(definition), roleArn=role
        )["stateMachineArn"]
        execution = scenario.step_functions.start_execution(stateMachineArn=machine)
        return str(scenario.end_of(execution["executionArn"])["error"])

    assert error_of(SYNC) == "Lambda.AWSLambdaException"
    assert error_of(f"{SYNC}:9") == "Lambda.ResourceNotFoundException"
    assert error_of(f"{ASYNC}:1") == "Lambda.InvalidParameterValueException"


LATEST = f"{FUNCTION}f:$LATEST"


@pytest.mark.parametrize(
    ("action", "resource", "is_allowed"),
    [
        ("lambda:InvokeFunction", LATEST, True),
        ("lambda:invokefunction", LATEST, True),
        ("lambda:Invoke*", f"{FUNCTION}f:?LATEST", True),
        ("lambda:Invoke?unction", f"{FUNCTION}f:*", True),
        ("lambda:InvokeFunction", f"{FUNCTION}f:.LATEST", False),
        ("lambda:InvokeFunction", f"{FUNCTION}f", False),
        ("lambda:Invoke", "*", False),
    ],
)
def test_names_match_as_in_iam(
    scenario: Scenario, action: str, resource: str, is_allowed: bool
) -> None:
    iam = scenario.deployment.endpoint.client("iam")
    role = f"r-{uuid.uuid4()}"
    arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    iam.put_role_policy(RoleName=role, PolicyName="p", PolicyDocument=json.dumps(document))
    caller = Caller("lambda", environment().region, arn)

    if is_allowed:
        caller.require("lambda:InvokeFunction", LATEST)
    else:
        with pytest.raises(AccessDenied):
            caller.require("lambda:InvokeFunction", LATEST)


@pytest.mark.parametrize(
    ("service", "region", "operation"),
    [
        ("ecr", environment().region, "describe_repositories"),
        ("ecs", environment().region, "list_clusters"),
        ("stepfunctions", "eu-west-1", "list_state_machines"),
    ],
)
def test_what_is_not_here_is_refused_and_not_answered_with_nothing(
    scenario: Scenario, service: str, region: str, operation: str
) -> None:
    elsewhere = boto3.client(
        service,
        endpoint_url=scenario.deployment.endpoint.url,
        region_name=region,
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}),
    )
    with pytest.raises(ClientError) as refused:
        getattr(elsewhere, operation)()

    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_a_request_that_is_not_signed_is_refused(scenario: Scenario) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(scenario.deployment.endpoint.url, timeout=5)

    with refused.value as answer:
        assert answer.code == 403
        assert json.load(answer)["__type"] == "MissingAuthenticationToken"


def test_the_operator_may_do_everything(scenario: Scenario) -> None:
    assert scenario.lambda_.get_function(FunctionName=SYNC)["Configuration"]["Version"] == "$LATEST"
