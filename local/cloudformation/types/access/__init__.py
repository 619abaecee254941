# SPDX-License-Identifier: MIT-0
"""IAM's resource types, and the checks of the policies that other types have.

Imports delete_call of the types, resource and templates of cloudformation, endpoint, iam, errors
and environment.
"""
