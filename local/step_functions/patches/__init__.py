# SPDX-License-Identifier: MIT-0
"""Patches of moto's Step Functions interpreter, one module a topic.

A patch registers itself when its module is imported: see local/patching.py. Imports moto, and
the modules of local/step_functions above it that patches install.
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
