# SPDX-License-Identifier: MIT-0
"""Authorization: whether a caller has every permission that a call needs."""

from ..iam.caller import Caller
from .call import Call
from .permissions.resources import policy_of
from .permissions.table import permissions


def authorize(call: Call, caller: Caller) -> None:
    """Return if the caller's policies, or those of the resources, allow the call.

    Raises:
        AccessDenied: they do not
    """
    for each in permissions(call):
        # What a role's trust policy says of others is no permission to change the role.
        has_policy = not each.action.startswith("iam:")
        policy = policy_of(each.resource) if has_policy else None
        caller.require(each.action, each.resource, each.context, policy)
