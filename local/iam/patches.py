# SPDX-License-Identifier: MIT-0
"""Patches of moto's IAM: AWS's managed policies."""

from collections.abc import Callable

from moto.iam.models import IAMBackend

from ..patching import wrapping
from .aws_policies import aws_policy

GAP = "AWS's managed policies are unknown, unless all of them are made at the start."
PROBE = "managed_policy_is_unknown"


def _attach(original: Callable[..., None], self: IAMBackend, policy_arn: str, name: str) -> None:
    # Making all of them takes longer than the rest of a deployment.
    policy = aws_policy(policy_arn)
    if policy is not None:
        self.managed_policies.setdefault(policy.arn, policy)
    original(self, policy_arn, name)


@wrapping(IAMBackend, "attach_role_policy", gap=GAP, probe=PROBE)
def _attach_role_policy(
    original: Callable[..., None], self: IAMBackend, policy_arn: str, role_name: str
) -> None:
    _attach(original, self, policy_arn, role_name)


@wrapping(IAMBackend, "attach_user_policy", gap=GAP, probe=PROBE)
def _attach_user_policy(
    original: Callable[..., None], self: IAMBackend, policy_arn: str, user_name: str
) -> None:
    _attach(original, self, policy_arn, user_name)


@wrapping(IAMBackend, "attach_group_policy", gap=GAP, probe=PROBE)
def _attach_group_policy(
    original: Callable[..., None], self: IAMBackend, policy_arn: str, group_name: str
) -> None:
    _attach(original, self, policy_arn, group_name)
