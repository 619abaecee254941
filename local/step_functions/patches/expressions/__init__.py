# SPDX-License-Identifier: MIT-0
"""Patches of JSONata in states: the evaluator, its library, variables, and failures.

Imports moto; expression_fields, jsonata and validation of step_functions, and patching.
"""

from . import evaluator, failures, library, variables

__all__ = ["evaluator", "failures", "library", "variables"]
