# SPDX-License-Identifier: MIT-0
"""What an execution that still runs waits for: since when, until when, and what happens then.

Imports event_lines of the model, histories, status and text.
"""
