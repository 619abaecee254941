# SPDX-License-Identifier: MIT-0
"""The command line: its arguments, which execution they name, and what is written where.

Imports the packages below it, and the modules beside the packages.
"""
