# SPDX-License-Identifier: MIT-0
"""Step Functions: moto's interpreter with the service's own rules, JSONata and task tokens.

Imports local/patching, local/environment and local/errors; no other package of local.
"""
