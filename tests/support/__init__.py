# SPDX-License-Identifier: MIT-0
"""What tests of more than one folder use: here programs as users run them, in packages the rest.

Imports local, inspect_execution and cdk_stepfunction_durable_lambda_function; no test.
"""
