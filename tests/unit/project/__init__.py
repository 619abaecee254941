# SPDX-License-Identifier: MIT-0
"""Rules of the project: its packages, names, documents, Makefile and workflows."""
