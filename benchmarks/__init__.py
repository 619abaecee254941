# SPDX-License-Identifier: MIT-0
"""The figures of docs/performance.md: `python -m benchmarks` prints them all.

Imports local, inspect_execution, and modules of lambda.
"""
