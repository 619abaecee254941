# SPDX-License-Identifier: MIT-0
"""Roles, policies and decisions: who calls, and what that role may do.

Imports patching and environment.
"""
