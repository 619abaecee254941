# SPDX-License-Identifier: MIT-0
"""An execution followed while it runs: its lines, and whether it still makes progress.

Imports errors, and inspect_execution.
"""
