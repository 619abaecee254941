# SPDX-License-Identifier: MIT-0
"""The command line: its arguments, which execution they name, and what is written where.

Imports terminal, page, json_document, model, reading, histories, errors, program and text.
"""
