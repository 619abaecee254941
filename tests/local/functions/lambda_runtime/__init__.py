# SPDX-License-Identifier: MIT-0
"""Lambda's runtime for Python: answers, errors and logs of handlers."""
