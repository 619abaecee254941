# SPDX-License-Identifier: MIT-0
"""Patches of moto's S3: the endpoint alone decides by a bucket's policy.

Not imported before there is a call of S3: an app that has no bucket need not load moto's.
"""

from collections.abc import Callable

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from ..patching import wrapping


@wrapping(
    FakeBucket,
    "get_permission",
    gap="A bucket's policy denies a request regardless of its conditions and principals.",
    probe="bucket_policy_ignores_its_conditions",
)
def _get_permission(
    original: Callable[..., PermissionResult], self: FakeBucket, action: str, resource: str
) -> PermissionResult:
    found = original(self, action, resource)
    return PermissionResult.NEUTRAL if found is PermissionResult.DENIED else found
