# SPDX-License-Identifier: MIT-0
"""The caller of a request: the role or user that signed it, and whether its policies allow it.

The access key of a role encodes its ARN. Temporary credentials are their role's, and a user's key
is the user's. A service that acts for a resource, such as EventBridge for a rule, has a key too.
Every other key is an operator's, and allows everything.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from moto.iam.exceptions import NotFoundException

from ..environment import environment
from .conditions import Context
from .decision import Policies, refusal
from .policy import Access, Document
from .principals import boundary_of, policies_of, principal_of_key, service_of_key

_CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
# Of these, an account's own policies decide only where the resource's policy says so.
_DELEGATED = ("kms:", "sts:AssumeRole")
NOTHING: Context = {}


class AccessDenied(Exception):
    """A role or user may not do this, in AWS's words."""

    def __init__(self, principal: str, action: str, resource: str, reason: str) -> None:
        super().__init__(
            f"User: {principal} is not authorized to perform: {action} on resource: {resource} "
            f"{reason}"
        )


@dataclass(frozen=True)
class Caller:
    """The role or user that signed a request, and for which service.

    Args:
        principal_arn: the role, user or service; None for the operator
        source_arn: the resource that a service acts for; None for all other callers
    """

    service: str
    region: str
    principal_arn: str | None
    source_arn: str | None = None

    @classmethod
    def of(cls, authorization: str) -> "Caller | None":
        """The caller of an Authorization header; None for a request that is not signed."""
        match = _CREDENTIAL.search(authorization)
        if match is None:
            return None
        if acting := service_of_key(match[1]):
            return cls(match[3], match[2], *acting)
        return cls(match[3], match[2], principal_of_key(match[1]))

    @property
    def shown(self) -> str:
        """The ARN that messages name: of a role, its session's."""
        arn = str(self.principal_arn)
        if ":user/" in arn or self.source_arn is not None:
            return arn
        return environment().global_arn("sts", f"assumed-role/{arn.rsplit('/', 1)[-1]}/local")

    def require(
        self,
        action: str,
        resource: str,
        context: Context = NOTHING,
        resource_policy: Document | None = None,
    ) -> None:
        """Return if the caller may do this.

        Args:
            context: the values of the condition keys that the service itself gives
            resource_policy: the resource's own policy

        Raises:
            AccessDenied: the policies of the caller do not allow it, or forbid it
        """
        if self.principal_arn is None:
            return
        try:
            policies = self._policies(action, resource_policy)
        except NotFoundException:
            unknown = "because no such role exists"
            raise AccessDenied(self.shown, action, resource, unknown) from None
        access = Access(action, resource, {**self._context(), **context})
        reason = refusal(access, (self.principal_arn, self.shown), policies)
        if reason is not None:
            raise AccessDenied(self.shown, action, resource, reason)

    def _policies(self, action: str, resource_policy: Document | None) -> Policies:
        if self.source_arn is not None:
            # A service has no policies: those of resources alone name it.
            return Policies((), None, resource_policy, needs_delegation=True)
        return Policies(
            tuple(policies_of(str(self.principal_arn))),
            boundary_of(str(self.principal_arn)),
            resource_policy,
            needs_delegation=action.startswith(_DELEGATED) and resource_policy is not None,
        )

    def _context(self) -> Mapping[str, tuple[str, ...]]:
        """The values of the keys that every request has.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        """
        arn, now = str(self.principal_arn), time.time()
        account = environment().account
        is_user = ":user/" in arn
        keys = {
            "aws:currenttime": datetime.fromtimestamp(now, UTC).isoformat(),
            "aws:epochtime": str(int(now)),
            "aws:principalaccount": account,
            "aws:principalarn": arn,
            "aws:principalisawsservice": "true" if self.source_arn else "false",
            "aws:principaltype": "User" if is_user else "AssumedRole",
            "aws:requestedregion": self.region,
            "aws:resourceaccount": account,
            # Of the call that AWS would get.
            "aws:securetransport": "true",
            "aws:sourceip": "127.0.0.1",
            "aws:viaawsservice": "false",
            "kms:calleraccount": account,
        }
        if self.source_arn is not None:
            keys |= {"aws:sourcearn": self.source_arn, "aws:sourceaccount": account}
        if is_user:
            keys["aws:username"] = arn.rsplit("/", 1)[-1]
        return {key: (value,) for key, value in keys.items()}
