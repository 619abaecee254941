# SPDX-License-Identifier: MIT-0
"""The view as a report in a terminal."""
