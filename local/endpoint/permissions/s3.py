# SPDX-License-Identifier: MIT-0
"""The permissions that calls of S3 need: actions of other names than operations, and two objects.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from collections.abc import Iterator, Mapping

from ...environment import environment
from ...iam.conditions import Context
from ..call import CallParameters

# Operations whose permission has another name. `Bucket` is left out where S3 leaves it out.
ACTIONS: Mapping[str, str] = {
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteBucketWebsite": "DeleteBucketWebsite",
    "DeleteObjects": "DeleteObject",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListParts": "ListMultipartUploadParts",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
}
_WITH_VERSION = {"GetObject": "GetObjectVersion", "DeleteObject": "DeleteObjectVersion"}
_KEYS = {
    "s3:delimiter": "Delimiter",
    "s3:max-keys": "MaxKeys",
    "s3:prefix": "Prefix",
    "s3:x-amz-acl": "ACL",
    "s3:x-amz-server-side-encryption": "ServerSideEncryption",
}


def s3_permissions(
    operation: str, parameters: CallParameters
) -> Iterator[tuple[str, str, Context]]:
    """Action, bucket or object, and S3's condition keys, for each object that a call names."""
    action = ACTIONS.get(operation, operation)
    context = {key: (str(parameters[name]),) for key, name in _KEYS.items() if name in parameters}
    bucket = parameters.get("Bucket")
    if bucket is None:
        yield f"s3:{action}", "*", context
        return
    partition = environment().partition
    arn = f"arn:{partition}:s3:::{bucket}"
    if operation == "DeleteObjects":
        for item in parameters.get("Delete", {}).get("Objects", []):
            yield f"s3:{_versioned(action, item)}", f"{arn}/{item['Key']}", context
        return
    if "CopySource" in parameters:
        source = str(parameters["CopySource"]).lstrip("/").split("?")[0]
        yield "s3:GetObject", f"arn:{partition}:s3:::{source}", {}
    resource = f"{arn}/{parameters['Key']}" if "Key" in parameters else arn
    yield f"s3:{_versioned(action, parameters)}", resource, context


def _versioned(action: str, parameters: CallParameters) -> str:
    return _WITH_VERSION.get(action, action) if parameters.get("VersionId") else action
