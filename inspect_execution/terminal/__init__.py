# SPDX-License-Identifier: MIT-0
"""The view as text in a terminal.

Imports model, histories, and the modules beside the packages.
"""
