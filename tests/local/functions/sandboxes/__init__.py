# SPDX-License-Identifier: MIT-0
"""Sandboxes: their processes, the pool, and the files and packages that a handler finds."""
