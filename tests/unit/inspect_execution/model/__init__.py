# SPDX-License-Identifier: MIT-0
"""What is shown: timelines, waits, events and cost."""
