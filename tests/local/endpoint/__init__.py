# SPDX-License-Identifier: MIT-0
"""The one address: its answers, and the permissions of its callers."""
