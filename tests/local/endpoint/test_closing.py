# SPDX-License-Identifier: MIT-0
"""What an endpoint does as it closes: to calls that still come, and to its process."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from botocore.exceptions import ClientError

from local.durable.executions import DurableExecutions
from local.endpoint.endpoint import SWITCH_SECONDS, Endpoint
from local.lambda_.api import LambdaApi
from local.step_functions.api.response import StepFunctionsResponse

from ...support.step_functions.machines import machines


def broken(*_: object, **__: object) -> NoReturn:
    raise RuntimeError("what serves this has ended")


@pytest.mark.parametrize(
    ("service", "operation", "called"),
    [
        ("stepfunctions", "list_state_machines", "AWSStepFunctions.ListStateMachines"),
        ("lambda", "list_functions", "GET /2015-03-31/functions"),
    ],
)
def test_a_call_that_fails_while_the_endpoint_closes_is_not_logged(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    service: str,
    operation: str,
    called: str,
) -> None:
    answers: list[Any] = []

    def close(durable_executions: DurableExecutions) -> None:
        # Sandboxes still run.
        client = ready.endpoint.client(service, retries=0)
        with pytest.raises(ClientError) as refused:
            getattr(client, operation)()
        answers.append(refused.value.response)
        original_close(durable_executions)

    original_close = DurableExecutions.close
    monkeypatch.setattr(StepFunctionsResponse, "list_state_machines", broken)
    monkeypatch.setattr(LambdaApi, "handle", broken)
    monkeypatch.setattr(DurableExecutions, "close", close)
    with caplog.at_level(logging.ERROR), machines(tmp_path) as ready:
        pass

    [answer] = answers
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert answer["Error"]["Code"] == "ServiceUnavailable"
    assert answer["Error"]["Message"] == f"{called} failed: the endpoint is closed"
    assert caplog.records == []


@pytest.fixture
def usual_seconds() -> Iterator[float]:
    """How long a thread keeps the others from running, before there is an endpoint."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.004)
    yield sys.getswitchinterval()
    sys.setswitchinterval(before)


def test_threads_take_turns_faster_for_as_long_as_there_is_an_endpoint(
    usual_seconds: float,
) -> None:
    with Endpoint():
        meanwhile = sys.getswitchinterval()

    assert meanwhile == pytest.approx(SWITCH_SECONDS)
    assert sys.getswitchinterval() == usual_seconds
