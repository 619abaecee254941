# SPDX-License-Identifier: MIT-0
"""Lambda's runtime for Python: what a sandbox runs around a handler.

Imports the standard library alone. Compared with AWS's own runtime, `awslambdaric`, by
tests/local/functions/lambda_runtime/test_runtime.py. It cannot be `awslambdaric` itself: that has
wheels for Linux alone, and would put its own dependencies where a handler can import them.
"""
