# SPDX-License-Identifier: MIT-0
"""Callers, their policies, and the decision on each request.

Imports patching and environment.
"""
