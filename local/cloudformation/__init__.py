# SPDX-License-Identifier: MIT-0
"""What is deployed: cloud assemblies, templates, and one creator for each resource type.

Imports endpoint and the packages of the services.
"""
