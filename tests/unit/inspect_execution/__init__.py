# SPDX-License-Identifier: MIT-0
"""The view of an execution, of recordings: folders mirror inspect_execution/."""
