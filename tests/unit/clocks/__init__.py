# SPDX-License-Identifier: MIT-0
"""Modelled time."""
