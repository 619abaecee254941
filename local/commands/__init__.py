# SPDX-License-Identifier: MIT-0
"""The command line: what it takes, and what `run`, `serve` and `deploy` do.

Imports the packages below it: cloudformation, endpoint and lambda_, and inspect_execution.
"""
