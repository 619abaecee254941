# SPDX-License-Identifier: MIT-0
"""The console: the pages that `serve` shows a browser, with forms to start and change executions.

Imports endpoint, step_functions, durable, functions, errors, and inspect_execution.
"""
