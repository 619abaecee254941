# SPDX-License-Identifier: MIT-0
"""Functions, durable or not, their sandboxes, and their durable waits."""
