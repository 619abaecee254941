# SPDX-License-Identifier: MIT-0
"""Service integrations: the calls of Task states, their values, and their errors.

Imports moto, and the modules of local/step_functions above it: callback_task, executions, services.
"""
