# SPDX-License-Identifier: MIT-0
"""Task states: functions, activities, other state machines and other services."""
