# SPDX-License-Identifier: MIT-0
"""AWS's API: which calls record an execution, and how task tokens are removed from the answers.

Imports histories, errors and text.
"""
