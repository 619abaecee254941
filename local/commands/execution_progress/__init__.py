# SPDX-License-Identifier: MIT-0
"""The progress of a running execution: its new lines, and whether to wait any longer.

Imports errors, and inspect_execution.
"""
