# SPDX-License-Identifier: MIT-0
"""Lambda's rules of invocation."""
