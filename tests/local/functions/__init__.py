# SPDX-License-Identifier: MIT-0
"""Functions, and the sandboxes in which their handlers run."""
