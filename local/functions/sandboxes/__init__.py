# SPDX-License-Identifier: MIT-0
"""Sandboxes: how their processes are started, asked and ended, and how many stay warm.

Imports function, lambda_runtime and platform_error of functions, clocks, environment, errors
and patching.
"""
