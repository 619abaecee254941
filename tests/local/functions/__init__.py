# SPDX-License-Identifier: MIT-0
"""Functions: their layers, variables and log groups, and how their handlers run."""
