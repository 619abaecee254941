# SPDX-License-Identifier: MIT-0
"""AWS's managed policies, each made when something first names it."""

import functools
import json
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy

from ..environment import environment


def aws_policy(arn: str) -> AWSManagedPolicy | None:
    """The policy of AWS's with that ARN; None if there is none. Making all takes over a second."""
    here = environment()
    name = arn.rsplit("/", 1)[-1]
    if not arn.startswith(f"arn:{here.partition}:iam::aws:") or name not in _data():
        return None
    policy = AWSManagedPolicy.from_data(name, here.account, here.region, _data()[name])
    return policy if policy.arn == arn else None


@functools.cache
def _data() -> dict[str, Any]:
    policies: dict[str, Any] = json.loads(aws_managed_policies_data)
    return policies
