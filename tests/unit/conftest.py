# SPDX-License-Identifier: MIT-0
"""No sockets, no pip, one synthesis for the whole session."""

import importlib
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import pytest
from aws_durable_execution_sdk_python import state
from aws_durable_execution_sdk_python.retries import RetryPresets
from aws_durable_execution_sdk_python_testing.runner import DurableFunctionTestRunner

import async_durable_function
import task_callback
from local.environment import PROJECT

from ..conftest import directory_of_run
from ..support.assemblies import synthesizing
from .fulfilment import Run
from .step_functions_double import StepFunctionsDouble


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_socket: socket.socket, address: object) -> NoReturn:
        raise AssertionError(f"a unit test connects to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)


@pytest.fixture(autouse=True)
def no_idle_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """An invocation ends when its work does: the SDK looks ten times a second whether it has."""
    monkeypatch.setattr(state, "_STOP_SIGNAL_POLL_SECONDS", 0.005)


@pytest.fixture(scope="session")
def app() -> ModuleType:
    """The app's module. The CDK takes a second to import: only who tests with it waits for it."""
    return importlib.import_module("app")


@pytest.fixture(scope="session")
def dependency_layer() -> ModuleType:
    """The module of the layer, which imports the CDK."""
    return importlib.import_module("cdk_stepfunction_durable_lambda_function.dependency_layer")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The template that `make check` has synthesized, or else one for all processes of a run.

    That one is synthesized without the layer's content.
    """
    if given := os.environ.get("ASSEMBLY"):
        [made] = (PROJECT / given).glob("*.template.json")
        return read(made)
    made = directory_of_run(tmp_path_factory) / "template.json"
    with synthesizing():
        if not made.exists():
            made.write_text(json.dumps(synthesize(tmp_path_factory.mktemp("cdk.out"), {})))
    return read(made)


def read(template: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(template.read_text())
    return document


def synthesize(outdir: Path, context: dict[str, Any]) -> dict[str, Any]:
    # Here, for it imports the CDK, which starts a process: few modules need it.
    import app

    no_bundling: dict[str, Any] = {"aws:cdk:bundling-stacks": []}
    assembly = app.build({**no_bundling, **context}, outdir=str(outdir)).synth()
    document: dict[str, Any] = json.loads(json.dumps(assembly.stacks[0].template))
    return document


def leave_out_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    module = "cdk_stepfunction_durable_lambda_function.stack"
    monkeypatch.setattr(f"{module}.CallbackGuard", lambda *_args, **_properties: None)


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
