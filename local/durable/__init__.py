# SPDX-License-Identifier: MIT-0
"""Durable executions: AWS's testing SDK as the engine, and the calls of Lambda's API about them.

Imports functions, iam, clocks, patching, environment and retention.
"""
