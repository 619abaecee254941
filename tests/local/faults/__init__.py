# SPDX-License-Identifier: MIT-0
"""The faults of docs/reliability.md, a module for each kind."""
