# SPDX-License-Identifier: MIT-0
"""The resource types that can be deployed, one module a service.

Imports assembly, code_assets, resource and templates of cloudformation, endpoint, events, lambda_,
step_functions, functions, iam, errors and environment.
"""
