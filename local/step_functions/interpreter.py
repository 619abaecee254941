# SPDX-License-Identifier: MIT-0
"""Turns moto's interpreter on."""

from moto.core.base_backend import BackendDict
from moto.core.config import default_user_config
from moto.stepfunctions import urls
from moto.stepfunctions.parser import models

from ..environment import environment
from .api.response import StepFunctionsResponse
from .backend import StepFunctionsBackend
from .callback_task import CallbackTask
from .services import Services, use_services


def start_interpreter(services: Services) -> None:
    """Let state machines run. Whatever moto remembers of an earlier endpoint is forgotten."""
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    use_services(services)
    CallbackTask.clear()
    models.stepfunctions_parser_backends = BackendDict(StepFunctionsBackend, "stepfunctions")
    urls.url_paths["{0}/$"] = StepFunctionsResponse.dispatch


def interpreter_backend() -> StepFunctionsBackend:
    """The state machines and executions of the endpoint's account and Region."""
    here = environment()
    backend: StepFunctionsBackend = models.stepfunctions_parser_backends[here.account][here.region]
    return backend
