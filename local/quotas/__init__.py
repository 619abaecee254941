# SPDX-License-Identifier: MIT-0
"""Quotas of an account, in modelled time: their file, token buckets, and concurrency.

Imports clocks, errors and service_models.
"""
