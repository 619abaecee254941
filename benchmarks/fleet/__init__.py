# SPDX-License-Identifier: MIT-0
"""Fleets of executions against AWS's quotas: a discrete-event simulation of the stack's policy.

Reads the synthesized template and the numbers of lambda/task_callback.py. Imports report of the
benchmarks, local, inspect_execution, and modules of lambda.
"""

from .tables import figures

__all__ = ["figures"]
