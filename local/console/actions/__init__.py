# SPDX-License-Identifier: MIT-0
"""The actions on an execution, each with its question, its form and its command.

Imports commands, rendering and view of the console, endpoint, step_functions, durable, and
inspect_execution.
"""
