# SPDX-License-Identifier: MIT-0
"""What tests of more than one folder use: stacks, assemblies, programs, histories, the README.

Imports local, inspect_execution and cdk_stepfunction_durable_lambda_function; no test.
"""
