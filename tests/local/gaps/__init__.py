# SPDX-License-Identifier: MIT-0
"""The gaps of libraries that local/patching.py registers, and a probe for each."""
