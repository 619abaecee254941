# SPDX-License-Identifier: MIT-0
"""The account, Region and partition in which everything is deployed, and the project's folder."""

from pathlib import Path

ACCOUNT = "123456789012"
REGION = "us-east-1"
PARTITION = "aws"
PROJECT = Path(__file__).resolve().parent.parent
