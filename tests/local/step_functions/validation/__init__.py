# SPDX-License-Identifier: MIT-0
"""Definitions that the service refuses, and its words for each finding."""
