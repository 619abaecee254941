# SPDX-License-Identifier: MIT-0
"""The programs as a user types them."""
