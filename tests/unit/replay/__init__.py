# SPDX-License-Identifier: MIT-0
"""Recorded durable executions, and the comparison of a replay with them."""
