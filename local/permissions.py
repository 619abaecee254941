# SPDX-License-Identifier: MIT-0
"""Who calls, and whether the policies of the stack let them: moto's policy engine decides.

A role's access key is made of its ARN. Every other key is the operator's, who may do anything.
"""

import base64
import binascii
import functools
import json
import re
from dataclasses import dataclass
from typing import Any

from moto.backends import get_backend
from moto.iam.access_control import IAMPolicy, IAMPolicyStatement, PermissionResult
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend

from .function import ACCOUNT, PARTITION, REGION
from .mending import mended, unmended

_CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
_KEY_PREFIX = "LOCALROLE"


class AccessDenied(Exception):
    """A role may not do this, in AWS's words."""

    def __init__(self, role_arn: str, action: str, resource: str, *, is_explicit: bool) -> None:
        role = role_arn.rsplit("/", 1)[-1]
        reason = (
            "with an explicit deny in an identity-based policy"
            if is_explicit
            else f"because no identity-based policy allows the {action} action"
        )
        super().__init__(
            f"User: arn:{PARTITION}:sts::{ACCOUNT}:assumed-role/{role}/local is not authorized to "
            f"perform: {action} on resource: {resource} {reason}"
        )


@dataclass(frozen=True)
class Caller:
    """Who signed a request, and for which service."""

    service: str
    region: str
    role_arn: str | None

    @classmethod
    def of(cls, authorization: str) -> "Caller | None":
        """The caller of an Authorization header; None for a request that is not signed."""
        match = _CREDENTIAL.search(authorization)
        return cls(match[3], match[2], _role_arn(match[1])) if match else None

    def may(self, action: str, resource: str) -> None:
        """Return if the caller may do this.

        Raises:
            AccessDenied: the policies of the caller's role do not allow it, or forbid it
        """
        if self.role_arn is None:
            return
        results = {
            IAMPolicy(policy).is_action_permitted(action.lower(), resource)
            for policy in _policies(self.role_arn)
        }
        is_denied = PermissionResult.DENIED in results
        if is_denied or PermissionResult.PERMITTED not in results:
            raise AccessDenied(self.role_arn, action, resource, is_explicit=is_denied)


@dataclass(frozen=True)
class InvokePermission:
    """One statement of a function's own policy: who may invoke it, and on whose behalf."""

    action: str
    principal: str
    source_arn: str | None

    def allows(self, principal: str, source_arn: str) -> bool:
        return (
            bool(_match(self.action, "lambda:InvokeFunction"))
            and self.principal in (principal, "*")
            and (self.source_arn is None or bool(_match(self.source_arn, source_arn)))
        )


def access_key(role_arn: str) -> str:
    """The access key with which a role signs."""
    return _KEY_PREFIX + base64.b32encode(role_arn.encode()).decode().rstrip("=")


def mend_policies() -> None:
    """Let roles have AWS's own managed policies attached, and match names as IAM does: moto takes
    patterns for regular expressions, does not know `?`, and minds the case of actions.
    """
    attach = unmended(IAMBackend.attach_role_policy)

    def attach_known(self: IAMBackend, policy_arn: str, role_name: str) -> None:
        # moto can have all of them ready; making them takes longer than the rest of a deployment.
        name = policy_arn.rsplit("/", 1)[-1]
        if policy_arn.startswith(f"arn:{PARTITION}:iam::aws:") and name in _aws_policies():
            policy = AWSManagedPolicy.from_data(name, ACCOUNT, REGION, _aws_policies()[name])
            self.managed_policies.setdefault(policy.arn, policy)
        attach(self, policy_arn, role_name)

    IAMBackend.attach_role_policy = mended(attach_known, attach)
    IAMPolicyStatement._match = staticmethod(_match)
    matches = unmended(IAMPolicyStatement._check_element_matches)

    def matches_in_any_case(self: IAMPolicyStatement, element: str, value: str) -> bool:
        if element in ("Action", "NotAction"):
            patterns = self._statement[element]
            patterns = [patterns] if isinstance(patterns, str) else patterns
            return any(_match(pattern.lower(), value) for pattern in patterns)
        return bool(matches(self, element, value))

    IAMPolicyStatement._check_element_matches = mended(matches_in_any_case, matches)


@functools.cache
def _aws_policies() -> dict[str, Any]:
    policies: dict[str, Any] = json.loads(aws_managed_policies_data)
    return policies


def _match(pattern: str, value: str) -> re.Match[str] | None:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, value, re.DOTALL)


def _role_arn(key: str) -> str | None:
    if not key.startswith(_KEY_PREFIX):
        return None
    encoded = key.removeprefix(_KEY_PREFIX)
    try:
        return base64.b32decode(encoded + "=" * (-len(encoded) % 8)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def _policies(role_arn: str) -> list[Any]:
    """The policies of a role: inline ones as JSON text, attached ones as moto has them."""
    role = get_backend("iam")[ACCOUNT][PARTITION].get_role_by_arn(role_arn)
    return [*role.policies.values(), *role.managed_policies.values()]
