# SPDX-License-Identifier: MIT-0
"""A shop: an app of two stacks, three state machines and the resources around them."""
