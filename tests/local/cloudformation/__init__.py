# SPDX-License-Identifier: MIT-0
"""Deployments of assemblies: what is created, and what is refused."""
