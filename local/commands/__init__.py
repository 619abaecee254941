# SPDX-License-Identifier: MIT-0
"""The command line: its arguments, and the commands `run`, `serve`, `deploy` and `replay`.

Imports console, replay, cloudformation, endpoint, step_functions, functions, quotas, errors,
environment, and inspect_execution.
"""
