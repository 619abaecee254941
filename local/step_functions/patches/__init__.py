# SPDX-License-Identifier: MIT-0
"""Patches of moto's Step Functions interpreter, one module a topic.

A patch registers itself when its module is imported: see local/patching.py.

Imports moto; callback_task, executions, expression_fields, failure, integrations, intrinsics,
jsonata, services, validation and values of step_functions, clocks and patching.
"""

from . import (
    api,
    attempts,
    errors,
    expressions,
    history,
    integrations,
    lambda_task,
    modelled_time,
    parsing,
    threads,
    time,
    values,
    waits,
)

__all__ = [
    "api",
    "attempts",
    "errors",
    "expressions",
    "history",
    "integrations",
    "lambda_task",
    "modelled_time",
    "parsing",
    "threads",
    "time",
    "values",
    "waits",
]
