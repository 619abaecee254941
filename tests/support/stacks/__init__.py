# SPDX-License-Identifier: MIT-0
"""Deployed stacks and their executions: on this machine, or in an AWS account."""
