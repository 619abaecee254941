# SPDX-License-Identifier: MIT-0
"""What can be done to an execution: each action with its question, its form and its command.

Imports commands, rendering and view of the console, endpoint, step_functions, durable, and
inspect_execution.
"""
