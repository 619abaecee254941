# SPDX-License-Identifier: MIT-0
"""What is read from the histories of both services."""
