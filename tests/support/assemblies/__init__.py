# SPDX-License-Identifier: MIT-0
"""Cloud assemblies: the app's own, variants of it, and small ones written by hand."""
