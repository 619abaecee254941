# SPDX-License-Identifier: MIT-0
"""The parts of tests/support that have rules of their own."""
