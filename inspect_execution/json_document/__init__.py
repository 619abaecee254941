# SPDX-License-Identifier: MIT-0
"""The view as JSON for scripts: execution_view.schema.json describes it.

Imports model, histories and status.
"""
