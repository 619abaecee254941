# SPDX-License-Identifier: MIT-0
"""The tests: unit, local, browser and acceptance; support holds what they share."""
