# SPDX-License-Identifier: MIT-0
"""IAM's resource types, and the checks of the policies that other types have."""
