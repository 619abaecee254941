# SPDX-License-Identifier: MIT-0
"""The instruments of the measurements: executions and histories, a browser, quotas and observers.

Imports local and inspect_execution.
"""
