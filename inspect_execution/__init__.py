# SPDX-License-Identifier: MIT-0
"""One timeline of an execution across Step Functions and Lambda, over AWS's public API alone."""
