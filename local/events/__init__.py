# SPDX-License-Identifier: MIT-0
"""EventBridge: moto's rules and patterns, with the events that Lambda sends.

Imports lambda_, functions and patching.
"""
