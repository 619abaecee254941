# SPDX-License-Identifier: MIT-0
"""The interpreter of state machines, through its API."""
