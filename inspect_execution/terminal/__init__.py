# SPDX-License-Identifier: MIT-0
"""The view as text in a terminal.

Imports model, histories, status and text.
"""
