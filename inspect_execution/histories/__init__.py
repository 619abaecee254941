# SPDX-License-Identifier: MIT-0
"""Histories of both services as states, attempts, operations and invocations, and what correlates
them. Pure functions of recorded answers.

Imports status alone.
"""
