# SPDX-License-Identifier: MIT-0
"""The resource types that decide where events go: rules, event source mappings, destinations."""
