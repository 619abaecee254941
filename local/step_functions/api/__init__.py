# SPDX-License-Identifier: MIT-0
"""Step Functions' API: how requests are checked, and what responses contain.

Imports arns, machines, services and validation of step_functions, and service_models.
"""
