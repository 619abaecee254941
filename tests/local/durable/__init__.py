# SPDX-License-Identifier: MIT-0
"""The engine of durable executions and its API."""
