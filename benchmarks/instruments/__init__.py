# SPDX-License-Identifier: MIT-0
"""What the figures are measured with: executions and histories, a browser, quotas and observers.

Imports local and inspect_execution.
"""
