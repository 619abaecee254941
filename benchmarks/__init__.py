# SPDX-License-Identifier: MIT-0
"""The figures that the README quotes, each by one command."""
