# SPDX-License-Identifier: MIT-0
"""Scenarios of the deployed stack: on the local endpoint, or on AWS with --target aws."""
