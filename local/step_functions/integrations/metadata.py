# SPDX-License-Identifier: MIT-0
"""The metadata of a service's HTTP response, as optimized integrations return it."""

from typing import Any


def http_metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    """The fields for boto3's ResponseMetadata."""
    headers = {name.title(): value for name, value in metadata["HTTPHeaders"].items()}
    return {
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in headers.items()},
            "HttpHeaders": headers,
            "HttpStatusCode": metadata["HTTPStatusCode"],
        },
        "SdkResponseMetadata": {"RequestId": metadata["RequestId"]},
    }
