# SPDX-License-Identifier: MIT-0
"""The pending waits of a running execution: since when, until when, and what happens then.

Imports event_lines of the model, histories, status and text.
"""
