# SPDX-License-Identifier: MIT-0
"""The permissions that API calls need: the table, and the services that need more than a row.

Imports call beside it, step_functions, iam and environment.
"""
