# SPDX-License-Identifier: MIT-0
"""The view of one execution: timeline, time axis, events, definition graph, cost and omissions.
Pure functions: a view is data, and each way to show it reads the same.

Imports histories, errors, status and text.
"""
