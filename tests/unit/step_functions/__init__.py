# SPDX-License-Identifier: MIT-0
"""Tests of local/step_functions without an endpoint."""
