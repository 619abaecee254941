# SPDX-License-Identifier: MIT-0
"""AWS's managed policies, each made when something first names it."""

import functools
import json
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy

from ..environment import environment

_DECODER = json.JSONDecoder()


def aws_policy(arn: str) -> AWSManagedPolicy | None:
    """The policy of AWS's with that ARN; None if there is none. Making all takes over a second."""
    here = environment()
    name = arn.rsplit("/", 1)[-1]
    data = _data(name) if arn.startswith(f"arn:{here.partition}:iam::aws:") else None
    if data is None:
        return None
    policy = AWSManagedPolicy.from_data(name, here.account, here.region, data)
    return policy if policy.arn == arn else None


@functools.cache
def _data(name: str) -> dict[str, Any] | None:
    """What moto has on the policy of that name, found in its text: to parse all takes 0.1 s."""
    # The names of policies are indented by one space, and all else by more.
    key = f"\n {json.dumps(name)}:"
    begin = aws_managed_policies_data.find(key)
    if begin < 0:
        return None
    data: dict[str, Any] = _DECODER.raw_decode(aws_managed_policies_data, begin + len(key))[0]
    return data
