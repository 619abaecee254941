# SPDX-License-Identifier: MIT-0
"""The command line: what it takes, and what `run`, `serve`, `deploy` and `replay` do.

Imports the packages below it: replay, cloudformation, endpoint and lambda_, and
inspect_execution.
"""
