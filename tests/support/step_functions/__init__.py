# SPDX-License-Identifier: MIT-0
"""State machines, and the definitions, inputs and findings that tests give them."""
