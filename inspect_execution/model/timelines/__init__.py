# SPDX-License-Identifier: MIT-0
"""The bars of states, durable executions and operations, and the axis that they share.

Imports histories, status and text.
"""
