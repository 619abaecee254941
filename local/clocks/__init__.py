# SPDX-License-Identifier: MIT-0
"""Modelled time: one clock for each family of executions, which skips idle waits.

A family is an execution and all executions that it starts, directly or through handlers. Its
clock shows the time of this machine plus all that it has skipped. It skips to the next timer when
nothing of the family runs: no state, no handler, no event.

Imports nothing else of this project.
"""
