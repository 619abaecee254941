# SPDX-License-Identifier: MIT-0
"""The calls of Lambda's API about durable executions, and the documents they answer with.

Imports execution, executions and pausing of durable, and functions.
"""
