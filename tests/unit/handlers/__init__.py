# SPDX-License-Identifier: MIT-0
"""The handlers and their business steps, on AWS's in-process test runner."""
