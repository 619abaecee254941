# SPDX-License-Identifier: MIT-0
"""Functions, their versions and aliases, and the sandboxes in which handlers run.

Imports iam, clocks, errors, patching and environment.
"""
