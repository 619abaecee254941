# SPDX-License-Identifier: MIT-0
"""Requests and responses of Step Functions' API."""
