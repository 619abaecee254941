# SPDX-License-Identifier: MIT-0
"""The commands and examples of README, CONTRIBUTING and docs/, run in a copy of the project."""
