# SPDX-License-Identifier: MIT-0
"""The view of a durable execution that no state machine started."""
