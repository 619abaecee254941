# SPDX-License-Identifier: MIT-0
"""The command line: what it takes, and what `run`, `serve`, `deploy` and `replay` do.

Imports console, replay, cloudformation, endpoint, step_functions, functions, quotas, errors,
environment, and inspect_execution.
"""
