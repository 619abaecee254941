# SPDX-License-Identifier: MIT-0
"""The command line of local: a run, and how an execution is followed."""
