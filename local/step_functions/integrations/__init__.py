# SPDX-License-Identifier: MIT-0
"""Service integrations: the calls of Task states, their values, and their errors.

Imports moto; callback_task, executions, failure, services, validation and values of
step_functions, service_models, patching and environment.
"""
