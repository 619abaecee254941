# SPDX-License-Identifier: MIT-0
"""Event source mappings: queues whose messages Lambda gives to a function, in batches.

Imports invocation and service of lambda_, functions, iam, patching and environment.
"""
