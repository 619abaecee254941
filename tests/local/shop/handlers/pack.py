# SPDX-License-Identifier: MIT-0
"""Pack the orders of a queue: a receipt for each goes into the bucket."""

import os
from typing import Any

import boto3


def handler(event: Any, context: Any) -> None:
    for record in event["Records"]:
        boto3.client("s3").put_object(
            Bucket=os.environ["RECEIPTS_BUCKET"],
            Key=f"receipts/{record['body']}",
            Body=f"packed {record['body']}",
        )
