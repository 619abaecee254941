# SPDX-License-Identifier: MIT-0
"""S3's resource types: buckets and their policies.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
"""

import json

from ....environment import environment
from ....errors import LocalError
from ...resource import Resource, ResourceType, StackContext
from ...templates.physical_resource import PhysicalResource
from ..access.policies import check_policy
from ..delete_call import delete_call

MAX_BUCKET_CHARACTERS = 63


def _create_bucket(resource: Resource, context: StackContext) -> PhysicalResource:
    if resource.is_unchanged and resource.existing is not None:
        return resource.existing
    s3 = context.endpoint.client("s3")
    # A generated name is in lower case: buckets have no others.
    generated = context.name(resource, "BucketName").lower()[:MAX_BUCKET_CHARACTERS]
    name = str(resource.of("BucketName") or generated)
    if resource.existing is None:
        if name in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
            raise LocalError(f"a bucket named {name} exists already")
        s3.create_bucket(Bucket=name)
    else:
        resource.refuse_replacement("BucketName")
    versioning = resource.of("VersioningConfiguration")
    if versioning or "VersioningConfiguration" in resource.previous:
        s3.put_bucket_versioning(
            Bucket=name, VersioningConfiguration=versioning or {"Status": "Suspended"}
        )
    here = environment()
    attributes = {
        "Arn": f"arn:{here.partition}:s3:::{name}",
        "DomainName": f"{name}.s3.{here.url_suffix}",
        "DualStackDomainName": f"{name}.s3.dualstack.{here.region}.{here.url_suffix}",
        "RegionalDomainName": f"{name}.s3.{here.region}.{here.url_suffix}",
        "WebsiteURL": f"http://{name}.s3-website-{here.region}.{here.url_suffix}",
    }
    deleted = delete_call("s3", "delete_bucket", Bucket=name)
    return PhysicalResource(name, attributes, resource.removables(deleted))


def _create_bucket_policy(resource: Resource, context: StackContext) -> PhysicalResource:
    bucket = resource.of("Bucket")
    policy = json.dumps(resource.of("PolicyDocument"))
    context.endpoint.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy)
    deleted = delete_call("s3", "delete_bucket_policy", Bucket=bucket)
    return PhysicalResource(bucket, removables=resource.removables(deleted))


TYPES = {
    "AWS::S3::Bucket": ResourceType.of(
        _create_bucket,
        "BucketName VersioningConfiguration",
        "AbacStatus AccelerateConfiguration AccessControl AnalyticsConfigurations "
        "BucketEncryption CorsConfiguration IntelligentTieringConfigurations "
        "InventoryConfigurations LifecycleConfiguration LoggingConfiguration "
        "MetricsConfigurations OwnershipControls PublicAccessBlockConfiguration Tags",
    ),
    "AWS::S3::BucketPolicy": ResourceType.of(
        _create_bucket_policy, "Bucket! PolicyDocument!", check=check_policy("PolicyDocument")
    ),
}
