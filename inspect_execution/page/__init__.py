# SPDX-License-Identifier: MIT-0
"""The view as one HTML file, with its style sheet, its scripts and the state machine's graph.

Imports model, status and text.
"""
