# SPDX-License-Identifier: MIT-0
"""The app and its stack, on the synthesized template."""
