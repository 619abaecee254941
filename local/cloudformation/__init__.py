# SPDX-License-Identifier: MIT-0
"""What is deployed: cloud assemblies, templates, and one creator for each resource type.

Imports endpoint, events, lambda_, step_functions, functions, iam, errors and environment.
"""
