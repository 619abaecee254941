# SPDX-License-Identifier: MIT-0
"""Fleets of executions against AWS's quotas: a discrete-event simulation of the stack's policy.

Reads the synthesized template and lambda/; of local, imports the synthesis and the form of quotas.
"""

from .tables import figures

__all__ = ["figures"]
