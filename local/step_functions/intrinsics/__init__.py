# SPDX-License-Identifier: MIT-0
"""Intrinsic functions of JSONPath states: their syntax, and what each returns.

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html

Imports nothing of this project.
"""
