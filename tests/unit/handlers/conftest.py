# SPDX-License-Identifier: MIT-0
"""The handler of an order on AWS's in-process runner, with a double of Step Functions."""

import json
from collections.abc import Iterator

import pytest
from aws_durable_execution_sdk_python.retries import RetryPresets
from aws_durable_execution_sdk_python_testing.runner import DurableFunctionTestRunner

import async_durable_function
import task_callback

from .fulfilment import Run
from .step_functions_double import StepFunctionsDouble


@pytest.fixture
def step_functions(monkeypatch: pytest.MonkeyPatch) -> StepFunctionsDouble:
    double = StepFunctionsDouble()
    monkeypatch.setattr(task_callback, "client", lambda: double)
    return double


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setenv("EXECUTION_TIMEOUT_SECONDS", "3600")
    with DurableFunctionTestRunner(async_durable_function.handler, poll_interval=0.01) as runner:
        yield lambda event: runner.run(json.dumps(event), execution_timeout=30)


@pytest.fixture
def no_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Business steps fail at their first attempt, callbacks keep their own retries."""
    monkeypatch.setattr(RetryPresets, "default", RetryPresets.none)
