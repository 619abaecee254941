# SPDX-License-Identifier: MIT-0
"""One timeline of an execution across Step Functions and Lambda, over AWS's public API alone.

Imports nothing else of this project. These are the packages from the top down: command_line,
terminal, page, json_document, model, reading, histories. Below them are the modules errors,
program, status and text. Each imports only what comes after it in this order.
The table in tests/unit/project/test_packages.py says which of them each imports.
"""
