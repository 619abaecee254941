# SPDX-License-Identifier: MIT-0
"""Who signed a request, and whether the policies of that role allow the action.

The access key of a role encodes its ARN. Every other key is the operator's, who may do anything.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any

from moto.backends import get_backend
from moto.iam.access_control import IAMPolicy, PermissionResult

from ..environment import environment

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
        here = environment()
        user = f"arn:{here.partition}:sts::{here.account}:assumed-role/{role}/local"
        super().__init__(
            f"User: {user} is not authorized to perform: {action} on resource: {resource} {reason}"
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

    def require(self, action: str, resource: str) -> None:
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


def access_key(role_arn: str) -> str:
    """The access key with which a role signs."""
    return _KEY_PREFIX + base64.b32encode(role_arn.encode()).decode().rstrip("=")


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
    here = environment()
    role = get_backend("iam")[here.account][here.partition].get_role_by_arn(role_arn)
    return [*role.policies.values(), *role.managed_policies.values()]
