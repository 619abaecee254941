# SPDX-License-Identifier: MIT-0
"""Quotas of an account, in modelled time."""
