# SPDX-License-Identifier: MIT-0
"""Patches of moto's IAM: AWS's managed policies, and wildcards."""

import functools
import json
from collections.abc import Callable
from typing import Any

from moto.iam.access_control import IAMPolicyStatement
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend

from ..environment import environment
from ..patching import replacing, wrapping
from .wildcard import matches


@wrapping(
    IAMBackend,
    "attach_role_policy",
    gap="AWS's managed policies are unknown, unless all of them are made at the start.",
    probe="managed_policy_is_unknown",
)
def _attach_role_policy(
    original: Callable[..., None], self: IAMBackend, policy_arn: str, role_name: str
) -> None:
    # Making all of them takes longer than the rest of a deployment.
    name = policy_arn.rsplit("/", 1)[-1]
    here = environment()
    if policy_arn.startswith(f"arn:{here.partition}:iam::aws:") and name in _aws_policies():
        data = _aws_policies()[name]
        policy = AWSManagedPolicy.from_data(name, here.account, here.region, data)
        self.managed_policies.setdefault(policy.arn, policy)
    original(self, policy_arn, role_name)


@functools.cache
def _aws_policies() -> dict[str, Any]:
    policies: dict[str, Any] = json.loads(aws_managed_policies_data)
    return policies


@wrapping(
    IAMPolicyStatement,
    "_check_element_matches",
    gap="The case of an action matters.",
    probe="case_of_an_action_matters",
)
def _check_element_matches(
    original: Callable[..., bool], self: IAMPolicyStatement, element: str, value: str
) -> bool:
    if element in ("Action", "NotAction"):
        patterns = self._statement[element]
        patterns = [patterns] if isinstance(patterns, str) else patterns
        return any(matches(pattern.lower(), value) for pattern in patterns)
    return bool(original(self, element, value))


def _match(pattern: str, value: str) -> bool | None:
    # moto asks whether the result is None, as re.match's may be.
    return matches(pattern, value) or None


replacing(
    IAMPolicyStatement,
    "_match",
    gap="Patterns are taken for regular expressions, and `?` is unknown.",
    probe="policy_patterns_are_regular_expressions",
)(staticmethod(_match))
