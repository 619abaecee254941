# SPDX-License-Identifier: MIT-0
"""IAM's decisions, held to the cases of AWS's documentation."""
