# SPDX-License-Identifier: MIT-0
"""Roles and users as moto keeps them: their access keys, policies, boundaries and trust."""

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from moto.backends import get_backend

from ..environment import environment
from .aws_policies import aws_policy
from .policy import Document, parse_policy

_KEY_PREFIX = "LOCALROLE"
_SERVICE_PREFIX = "LOCALSERVICE"


def access_key(role_arn: str) -> str:
    """The access key with which a role signs."""
    return _KEY_PREFIX + _encoded(role_arn)


def service_key(principal: str, source_arn: str) -> str:
    """The access key with which a service signs on behalf of a resource, such as a rule."""
    return _SERVICE_PREFIX + _encoded(f"{principal} {source_arn}")


def service_of_key(key: str) -> tuple[str, str] | None:
    """The service whose access key it is, and the ARN of the resource that it acts for."""
    if not key.startswith(_SERVICE_PREFIX):
        return None
    principal, _, source_arn = (_decoded(key.removeprefix(_SERVICE_PREFIX)) or "").partition(" ")
    return (principal, source_arn) if source_arn else None


def principal_of_key(key: str) -> str | None:
    """The ARN of the role or user whose access key it is; None for an operator's."""
    if key.startswith(_KEY_PREFIX):
        return _decoded(key.removeprefix(_KEY_PREFIX))
    if key.startswith("ASIA"):
        here = environment()
        sts = get_backend("sts")[here.account][here.partition]
        session = sts.get_assumed_role_from_access_key(key)
        return str(session.role_arn) if session else None
    if key.startswith("AKIA"):
        user = _iam().access_keys.get(key)
        return str(_iam().users[user.user_name].arn) if user else None
    return None


def policies_of(principal_arn: str) -> Iterator[Document]:
    """The policies of a role, or of a user and of the groups that the user is in."""
    for entity in _entities(principal_arn):
        policies = entity.policies
        inline = policies.values() if isinstance(policies, dict) else policies
        for policy in inline:
            yield parse_policy(policy if isinstance(policy, str) else policy["policy_document"])
        for policy in entity.managed_policies.values():
            yield _default_version(policy)


def boundary_of(principal_arn: str) -> Document | None:
    """The permissions boundary of a role; nothing applies to one that does not exist."""
    if ":user/" in principal_arn:
        return None
    arn = _iam().get_role_by_arn(principal_arn).permissions_boundary_arn
    return policy_document(arn) if arn else None


def policy_document(arn: str) -> Document:
    """The document of a managed policy: the customer's, or AWS's own.

    Raises:
        NotFoundException: there is none
    """
    known = _iam().managed_policies.get(arn) or aws_policy(arn)
    return _default_version(known if known is not None else _iam().get_policy(arn))


def trust_policy(role_arn: str) -> Document | None:
    """The trust policy of a role; None if there is no such role."""
    for role in _iam().roles.values():
        if role.arn == role_arn:
            return parse_policy(role.assume_role_policy_document)
    return None


def _encoded(text: str) -> str:
    return base64.b32encode(text.encode()).decode().rstrip("=")


def _decoded(encoded: str) -> str | None:
    try:
        return base64.b32decode(encoded + "=" * (-len(encoded) % 8)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def _entities(principal_arn: str) -> Iterator[Any]:
    if ":user/" not in principal_arn:
        yield _iam().get_role_by_arn(principal_arn)
        return
    name = principal_arn.rsplit("/", 1)[-1]
    yield _iam().users[name]
    yield from _iam().get_groups_for_user(name)


def _default_version(policy: Any) -> Document:
    document = next(each.document for each in policy.versions if each.is_default)
    found: Document = parse_policy(document) if isinstance(document, str) else document
    return found


def _iam() -> Any:
    here = environment()
    return get_backend("iam")[here.account][here.partition]
