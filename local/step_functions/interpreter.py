# SPDX-License-Identifier: MIT-0
"""Turns moto's interpreter on."""

from moto.core.base_backend import BackendDict
from moto.core.config import default_user_config
from moto.stepfunctions import urls
from moto.stepfunctions.parser import models

from ..environment import environment
from ..patching import setting
from .api.response import StepFunctionsResponse
from .backend import StepFunctionsBackend
from .callback_task import CallbackTask
from .services import Services, use_services

setting(
    default_user_config,
    "stepfunctions",
    {"execute_state_machine": True},
    gap="State machines are kept, and do not run.",
    probe="state_machines_do_not_run",
)
setting(
    models,
    "stepfunctions_parser_backends",
    BackendDict(StepFunctionsBackend, "stepfunctions"),
    gap="The class of the backend is fixed: nothing takes a subclass.",
    probe="backend_takes_no_subclass",
)
setting(
    urls.url_paths,
    "{0}/$",
    StepFunctionsResponse.dispatch,
    gap="The class that answers requests is fixed: nothing takes a subclass.",
    probe="response_takes_no_subclass",
)


def start_interpreter(services: Services) -> None:
    """Let state machines run for a new endpoint, and forget the task tokens of an earlier one."""
    use_services(services)
    CallbackTask.clear()


def interpreter_backend() -> StepFunctionsBackend:
    """The state machines and executions of the endpoint's account and Region."""
    here = environment()
    backend: StepFunctionsBackend = models.stepfunctions_parser_backends[here.account][here.region]
    return backend
