# SPDX-License-Identifier: MIT-0
"""What the AWS CLI and boto3 need before they call a local endpoint."""

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
REGION = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"}
