# SPDX-License-Identifier: MIT-0
"""`--target aws` from its command line to its last test, with this machine in the place of AWS."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from werkzeug.wrappers import Request, Response

from inspect_execution.histories.recording import FunctionMemory
from inspect_execution.model.prices import Prices
from local.durable.api import listing
from local.endpoint.interception import intercepting, operation_of

from ..support.commands import module
from ..support.credentials import CREDENTIALS, REGION
from ..support.functions.held_waits import HeldWaits
from ..support.stacks.acceptance_plan import MINUTES, summary
from ..support.stacks.account import Account
from ..support.stacks.scenario import ASYNC, SYNC, Scenario, deployed
from ..support.stacks.target import AwsTarget

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

NOWHERE = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
ON_AWS = ("--target=aws", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")
ACCEPTANCE_TESTS = 21
STACK = "CdkStepfunctionDurableLambdaFunctionStack"
MEMORY = FunctionMemory(1024, "arm64")
COST = (
    f"acceptance on AWS: {STACK}, account 123456789012, us-east-1\n"
    f"acceptance on AWS: {summary(MEMORY, Prices(), 'us-east-1')}\n"
)


@pytest.fixture(scope="module")
def here(assembly: Path) -> Iterator[Scenario]:
    with deployed(assembly) as scenario:
        scenario.deployment.endpoint.gateway.intercept = HeldWaits().intercept
        yield scenario


@pytest.fixture
def environment(here: Scenario, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """One in which AWS is this machine, and of which nothing else is known."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    url = here.deployment.endpoint.url
    for name, value in {**NOWHERE, "AWS_ENDPOINT_URL": url}.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def put(environment: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        environment.setenv(name, value)


def test_every_acceptance_test_passes_there_and_nothing_else_runs(
    environment: pytest.MonkeyPatch,
) -> None:
    put(environment, CREDENTIALS | REGION)
    ran = module("pytest", "tests/acceptance", "tests/unit/handlers/test_orders.py", *ON_AWS)
    told, _, rest = ran.stdout.partition("\ncollected ")

    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    assert told.startswith(COST)
    assert re.search(rf"^=+ {ACCEPTANCE_TESTS} passed, \d+ deselected in ", rest, re.MULTILINE)


@pytest.mark.parametrize("options", [["-qq"], ["--no-header"], ["-n1", "--dist=loadfile"]])
def test_the_cost_is_told_first_and_once_however_pytest_is_called(
    environment: pytest.MonkeyPatch, options: list[str]
) -> None:
    put(environment, CREDENTIALS | REGION)
    # One that starts nothing which lasts.
    ran = module("pytest", "tests/acceptance", "-k=unqualified", *ON_AWS, *options)

    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    assert ran.stdout.startswith(COST)
    assert ran.stdout.count("acceptance on AWS") == 2


def test_tests_that_are_distributed_one_by_one_are_refused_before_any_begins(
    environment: pytest.MonkeyPatch,
) -> None:
    put(environment, CREDENTIALS | REGION)
    ran = module("pytest", "tests/acceptance", "-n2", *ON_AWS)

    assert (ran.returncode, ran.stderr) == (
        pytest.ExitCode.USAGE_ERROR,
        "ERROR: --target aws: with --numprocesses, --dist must be loadfile or loadscope, or more "
        "is started than planned; got load\n\n",
    )
    assert "acceptance on AWS" not in ran.stdout


def test_where_nothing_is_left_that_runs_there_it_is_an_error(
    here: Scenario, request: pytest.FixtureRequest
) -> None:
    target = AwsTarget(Account(boto3.Session(), "123456789012"), here, MEMORY)

    with pytest.raises(pytest.UsageError, match="--target aws runs tests/acceptance, and nothing"):
        target.pytest_collection_modifyitems(request.config, [request.node])


def test_without_credentials_it_is_an_error_and_nothing_is_skipped(
    environment: pytest.MonkeyPatch,
) -> None:
    put(environment, REGION)
    ran = module("pytest", "tests/acceptance", *ON_AWS)

    assert (ran.returncode, ran.stdout, ran.stderr) == (
        pytest.ExitCode.USAGE_ERROR,
        "",
        "ERROR: --target aws: there are no credentials: set AWS_PROFILE or AWS_ACCESS_KEY_ID and "
        "AWS_SECRET_ACCESS_KEY\n\n",
    )


def refusal(prefix: str = "sfn-dfn") -> str:
    with pytest.raises(pytest.UsageError) as refused:
        Account.of_the_usual_places().stack(prefix)
    return str(refused.value)


def test_what_there_is_not_is_told_in_one_line(environment: pytest.MonkeyPatch) -> None:
    put(environment, CREDENTIALS)
    assert refusal() == "--target aws: there is no region: set AWS_DEFAULT_REGION or AWS_PROFILE"

    put(environment, REGION)
    assert refusal("blue") == (
        f"--target aws: {STACK}-blue in account 123456789012, us-east-1: ValidationError: "
        f"Stack with id {STACK}-blue does not exist"
    )
    assert refusal("a b").startswith("--prefix: prefix must be 1 to 40 letters, digits or hyphens")

    environment.setenv("AWS_PROFILE", "nobody")
    assert refusal() == "--target aws: The config profile (nobody) could not be found"


def test_a_stack_without_its_outputs_is_not_driven(
    here: Scenario, environment: pytest.MonkeyPatch
) -> None:
    put(environment, CREDENTIALS | REGION)
    name, missing = f"{STACK}-blue", "AsyncDurableFunctionName"
    outputs = {key: value for key, value in here.outputs.items() if key != missing}
    gateway = here.deployment.endpoint.gateway
    gateway.stacks.deployed(name, "arn", outputs)

    assert refusal("blue") == (
        f"--target aws: {name} in account 123456789012, us-east-1 is CREATE_COMPLETE and lacks "
        f"the outputs {missing}"
    )


def test_a_stack_that_is_deployed_is_described_as_at_aws(here: Scenario) -> None:
    [stack] = here.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]

    assert (stack["StackName"], stack["StackStatus"]) == (STACK, "CREATE_COMPLETE")
    assert {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]} == here.outputs


def test_no_other_call_of_cloudformation_is_served(here: Scenario) -> None:
    with pytest.raises(ClientError, match="ListStacks is not served on this machine"):
        here.client("cloudformation").list_stacks()


@contextmanager
def losing_the_first_answer(here: Scenario, operation: str) -> Iterator[list[str]]:
    """As when a connection breaks: the call has succeeded, and its caller gets an error."""
    asked: list[str] = []

    def intercept(request: Request, serve: Callable[[], "WSGIApplication"]) -> Any:
        if operation_of(request) != operation:
            return serve()
        answer = Response.from_app(serve(), request.environ, buffered=True)
        asked.append(operation)
        return answer if len(asked) > 1 else Response("{}", 500)

    with intercepting(here.deployment.endpoint, intercept):
        yield asked


def test_a_start_whose_answer_is_lost_is_tried_again_and_starts_one_execution(
    here: Scenario, environment: pytest.MonkeyPatch
) -> None:
    put(environment, CREDENTIALS | REGION)
    stack = Account.of_the_usual_places().stack("sfn-dfn")
    before = executions(here)
    with losing_the_first_answer(here, "StartExecution") as asked:
        execution = stack.start({})

    assert len(asked) == 2
    assert executions(here) - before == {execution}


def test_an_invocation_whose_answer_is_lost_is_tried_again_and_starts_one_execution(
    here: Scenario, environment: pytest.MonkeyPatch
) -> None:
    put(environment, CREDENTIALS | REGION)
    stack = Account.of_the_usual_places().stack("sfn-dfn")
    here.ended_durable_executions(SYNC)
    with losing_the_first_answer(here, "Invoke") as asked:
        stack.invoke(stack.version(SYNC), {}, "RequestResponse")

    assert len(asked) == 2
    assert len(here.ended_durable_executions(SYNC)) == 1


def executions(here: Scenario) -> set[str]:
    machine = here.state_machine
    listed = here.step_functions.list_executions(stateMachineArn=machine)["executions"]
    return {each["executionArn"] for each in listed}


def test_a_refusal_to_tell_the_memory_is_told_in_one_line(
    here: Scenario, environment: pytest.MonkeyPatch
) -> None:
    put(environment, CREDENTIALS | REGION)

    def intercept(request: Request, serve: Callable[[], "WSGIApplication"]) -> Any:
        if operation_of(request) != "GetFunctionConfiguration":
            return serve()
        headers = {"x-amzn-ErrorType": "AccessDeniedException"}
        return Response('{"Message": "no"}', 403, headers)

    with (
        intercepting(here.deployment.endpoint, intercept),
        pytest.raises(pytest.UsageError) as refused,
    ):
        AwsTarget.of("sfn-dfn")

    assert str(refused.value) == (
        f"--target aws: {STACK} in account 123456789012, us-east-1: GetFunctionConfiguration of "
        f"{ASYNC}: AccessDeniedException: no"
    )


def test_an_order_is_sought_on_every_page_and_among_those_of_its_time(
    here: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "DEFAULT_PAGE_ITEMS", 1)
    asked: list[Request] = []

    def intercept(request: Request, serve: Callable[[], "WSGIApplication"]) -> Any:
        if operation_of(request) == "ListDurableExecutionsByFunction":
            asked.append(request)
        return held.intercept(request, serve)

    held = HeldWaits()
    with intercepting(here.deployment.endpoint, intercept):
        execution, later = here.start(MINUTES), here.start(MINUTES)
        here.waiting_order(later)
        order = here.waiting_order(execution)
        for each in (execution, later):
            here.step_functions.stop_execution(executionArn=each)

    assert [join.arn for join in here.view(execution).correlations] == [order]
    assert any("Marker" in request.args for request in asked)
    assert all({"StartedAfter", "StartedBefore"} <= set(request.args) for request in asked)


def test_the_order_of_an_execution_is_found_among_those_of_others(here: Scenario) -> None:
    executions = [here.start(MINUTES) for _ in range(3)]
    orders = [here.waiting_order(execution) for execution in executions]
    for execution in executions:
        here.step_functions.stop_execution(executionArn=execution)
    joined = [here.view(execution).correlations for execution in executions]

    assert len(set(orders)) == 3
    assert [[join.arn for join in joins] for joins in joined] == [[order] for order in orders]
    assert {here.ended_durable_execution(order).result["status"] for order in orders} == {
        "ABANDONED"
    }
