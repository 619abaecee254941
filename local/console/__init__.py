# SPDX-License-Identifier: MIT-0
"""The console: the pages that `serve` shows a browser, with what can be started and done there.

Imports endpoint, step_functions, durable, functions, errors, and inspect_execution.
"""
