# SPDX-License-Identifier: MIT-0
"""AWS on one machine: the pattern, run from the very assembly that would be deployed.

Imports inspect_execution, and nothing else of the project. These are the packages from the top
down: commands, console, replay, cloudformation, endpoint, events, lambda_, step_functions, durable,
functions, iam, quotas, clocks. Below them are the modules errors, service_models, patching,
shared_state, environment and retention. Each imports only what comes after it in this order.
The table in tests/unit/project/test_packages.py says which of them each imports.
"""
