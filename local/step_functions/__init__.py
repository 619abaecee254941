# SPDX-License-Identifier: MIT-0
"""Step Functions: moto's interpreter with the service's own rules, JSONata and task tokens.

Imports clocks, errors, service_models, patching, environment and retention.
"""
