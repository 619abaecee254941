# SPDX-License-Identifier: MIT-0
"""Reading from AWS's API, and the redaction of task tokens."""
