# SPDX-License-Identifier: MIT-0
"""The decision on a request in one account: identity policies, a boundary, a resource's policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..environment import environment
from .policy import Access, Document, effects, statement_applies, statements

ALLOW, DENY = "Allow", "Deny"


@dataclass(frozen=True)
class Policies:
    """The policies that a request in one account is held to.

    Args:
        identity: those of the caller
        boundary: the caller's permissions boundary
        resource: the policy of the resource
        needs_delegation: the caller's own policies count only where the resource's policy allows
            its account, as with a KMS key and with a role that is assumed
    """

    identity: tuple[Document, ...]
    boundary: Document | None = None
    resource: Document | None = None
    needs_delegation: bool = False


def refusal(access: Access, principals: Iterable[str], policies: Policies) -> str | None:
    """Why a request is denied, in AWS's words; None if it is allowed.

    Args:
        principals: the ARNs that a resource's policy may name the caller by
    """
    identity = {effect for policy in policies.identity for effect in effects(policy, access)}
    boundary = effects(policies.boundary, access) if policies.boundary is not None else {ALLOW}
    resource = resource_effects(policies.resource, access, principals)
    for kind, found in (
        ("an identity-based policy", identity),
        ("a permissions boundary", boundary),
        ("a resource-based policy", resource),
    ):
        if DENY in found:
            return f"with an explicit deny in {kind}"
    here = environment()
    account = (here.account, here.global_arn("iam", "root"))
    is_delegated = not policies.needs_delegation or ALLOW in resource_effects(
        policies.resource, access, account
    )
    if ALLOW not in resource and not (is_delegated and ALLOW in identity):
        kind = "identity-based" if is_delegated else "resource-based"
        return f"because no {kind} policy allows the {access.action} action"
    if ALLOW not in boundary:
        return f"because no permissions boundary allows the {access.action} action"
    return None


def resource_effects(
    document: Document | None, access: Access, principals: Iterable[str]
) -> set[str]:
    """The effects of the statements of a resource's policy that name one of the principals."""
    names = frozenset(principals)
    return {
        str(statement["Effect"])
        for statement in (statements(document) if document is not None else [])
        if names_principal(statement, names) and statement_applies(statement, access)
    }


def names_principal(statement: Mapping[str, Any], names: frozenset[str]) -> bool:
    """Whether a statement is about one of the principals: ARNs, accounts or services."""
    principal = statement.get("Principal", {})
    if isinstance(principal, str):
        return principal == "*"
    found: set[str] = set()
    for value in principal.values():
        found.update([value] if isinstance(value, str) else value)
    return bool(found & (names | {"*"}))


def may_be_assumed(trust: Document, principal: str, action: str = "sts:AssumeRole") -> bool:
    """Whether a role's trust policy lets a principal, such as a service, use the role.

    Conditions on what a service acts for, such as aws:SourceArn, are not decided here: what calls
    for a role is known only later.
    """
    found = {
        str(statement["Effect"])
        for statement in statements(trust)
        if names_principal(statement, frozenset({principal}))
        and statement_applies({**statement, "Condition": {}}, Access(action, "*"))
    }
    return found == {ALLOW}
