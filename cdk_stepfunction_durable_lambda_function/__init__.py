# SPDX-License-Identifier: MIT-0
"""The infrastructure of the pattern."""
