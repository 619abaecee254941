# SPDX-License-Identifier: MIT-0
"""The values that states read, compare and pass on."""
