# SPDX-License-Identifier: MIT-0
"""The page of an execution and the console, in Chromium."""
