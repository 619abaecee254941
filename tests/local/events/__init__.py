# SPDX-License-Identifier: MIT-0
"""Tests of events and their ways: queues, rules, topics, destinations."""
