# SPDX-License-Identifier: MIT-0
"""Sandboxes: how their processes are started, asked and ended, and how many stay warm.

Imports nothing of functions but the runtime, what a function is and the platform's errors.
"""
