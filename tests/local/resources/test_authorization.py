# SPDX-License-Identifier: MIT-0
"""The permissions that a role needs for calls of the services that moto serves."""

import pytest

from local.cloudformation.deployment import Deployment

from .calls import CALLS, Call
from .clients import allow, as_role, refs, refusal_of
from .stack import ACCOUNT

IDS = [
    f"{service}-{'-'.join(actions)}-{index}" for index, (service, _, actions, _) in enumerate(CALLS)
]
DENIED = {
    "cloudwatch": ("AccessDenied", 403),
    "iam": ("AccessDenied", 403),
    "s3": ("AccessDenied", 403),
    "sns": ("AuthorizationError", 403),
    "sqs": ("AccessDenied", 403),
}


@pytest.mark.parametrize(("service", "call", "actions", "resources"), CALLS, ids=IDS)
def test_a_call_needs_these_permissions_and_no_others(
    deployment: Deployment, service: str, call: Call, actions: list[str], resources: list[str]
) -> None:
    ids = refs(deployment)
    arns = [resource.format(**ids) for resource in resources]

    call(as_role(deployment, service, allow(actions, arns)), ids)


@pytest.mark.parametrize(("service", "call", "actions", "resources"), CALLS, ids=IDS)
def test_a_call_without_them_is_refused_in_the_services_own_shape(
    deployment: Deployment, service: str, call: Call, actions: list[str], resources: list[str]
) -> None:
    ids = refs(deployment)
    first = resources[0].format(**ids)
    elsewhere = allow(actions, f"{first}-2") if first != "*" else allow("iam:*")

    code, status, message = refusal_of(lambda: call(as_role(deployment, service, elsewhere), ids))

    assert (code, status) == DENIED.get(service, ("AccessDeniedException", 400))
    assert message.partition(":assumed-role/")[0] == f"User: arn:aws:sts::{ACCOUNT}"
    assert message.partition("/local ")[2] == (
        f"is not authorized to perform: {actions[0]} on resource: {first} because no "
        f"identity-based policy allows the {actions[0]} action"
    )


@pytest.mark.parametrize(
    ("service", "call", "actions", "resources"),
    [each for each in CALLS if len(each[3]) > 1],
)
def test_a_call_on_several_resources_needs_permission_on_each(
    deployment: Deployment, service: str, call: Call, actions: list[str], resources: list[str]
) -> None:
    role = as_role(deployment, service, allow(actions, resources[0]))

    _, _, message = refusal_of(lambda: call(role, refs(deployment)))
    assert f"on resource: {resources[1]} because" in message
