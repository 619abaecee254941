# SPDX-License-Identifier: MIT-0
"""Executions: their events, threads, errors and redrives."""
