# SPDX-License-Identifier: MIT-0
"""Patches of JSONata in states: the evaluator, its library, variables, and failures."""

from . import evaluator, failures, library, variables

__all__ = ["evaluator", "failures", "library", "variables"]
