# SPDX-License-Identifier: MIT-0
"""Synthesis, templates and code assets, without an endpoint."""
