# SPDX-License-Identifier: MIT-0
"""The console: the pages that `serve` shows a browser, with what can be started and done there.

Imports cloudformation and what is below it, and the parts of inspect_execution.
"""
