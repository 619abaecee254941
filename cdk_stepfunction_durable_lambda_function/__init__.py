# SPDX-License-Identifier: MIT-0
"""The infrastructure of the pattern.

Imports aws_cdk and constructs, and nothing else of this project.
"""
