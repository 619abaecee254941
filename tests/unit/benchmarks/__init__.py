# SPDX-License-Identifier: MIT-0
"""The figures' calculations and the command that prints them."""
