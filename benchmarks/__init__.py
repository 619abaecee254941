# SPDX-License-Identifier: MIT-0
"""The figures that the README quotes: `python -m benchmarks` prints them all."""
