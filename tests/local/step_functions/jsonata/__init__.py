# SPDX-License-Identifier: MIT-0
"""JSONata in states, and its conformance suite."""
