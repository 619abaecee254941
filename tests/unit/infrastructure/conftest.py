# SPDX-License-Identifier: MIT-0
"""The modules that import the CDK, loaded on request, and a stack without its guard."""

import importlib
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def app() -> ModuleType:
    """The app's module. It imports the CDK, which takes a second."""
    return importlib.import_module("app")


@pytest.fixture(scope="session")
def dependency_layer() -> ModuleType:
    """The module of the layer, which imports the CDK."""
    return importlib.import_module("cdk_stepfunction_durable_lambda_function.dependency_layer")


def leave_out_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    module = "cdk_stepfunction_durable_lambda_function.stack"
    monkeypatch.setattr(f"{module}.CallbackGuard", lambda *_args, **_properties: None)
