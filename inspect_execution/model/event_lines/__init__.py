# SPDX-License-Identifier: MIT-0
"""Short lines about the events of both services and about what handlers log.

Imports timelines of the model, histories, status and text.
"""
