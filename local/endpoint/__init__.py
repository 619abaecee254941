# SPDX-License-Identifier: MIT-0
"""The one address on 127.0.0.1: the server, the gateway to each service, and authorization.

Imports events, lambda_, step_functions, durable, functions, iam, quotas, clocks, errors,
service_models, patching, environment, and reading of inspect_execution.
"""
