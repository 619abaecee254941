# SPDX-License-Identifier: MIT-0
"""The resource types that decide where events go: rules, event source mappings, destinations.

Imports access of the types, resource and templates of cloudformation, endpoint, events of local,
lambda_, functions, iam, errors and environment.
"""
