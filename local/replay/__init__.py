# SPDX-License-Identifier: MIT-0
"""The replay of recorded durable executions through the handlers of an assembly.

Imports functions and errors.
"""
