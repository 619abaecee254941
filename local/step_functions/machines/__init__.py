# SPDX-License-Identifier: MIT-0
"""State machines, their revisions, versions and aliases, in moto's backend.

Imports moto; arns, integrations, services and validation of step_functions.
"""
