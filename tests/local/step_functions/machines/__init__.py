# SPDX-License-Identifier: MIT-0
"""State machines of both types, their versions and aliases."""
