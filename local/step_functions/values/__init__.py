# SPDX-License-Identifier: MIT-0
"""Values of states: JSON and its syntax, JSONPath, timestamps, and the limits of their size.

Imports nothing else of this project.
"""
