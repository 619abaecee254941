# SPDX-License-Identifier: MIT-0
"""AWS on one machine: the pattern, run from the very assembly that would be deployed."""
