# SPDX-License-Identifier: MIT-0
"""Whether a service may use a role, by its trust policy, and for what, by its other policies."""

from ....environment import environment
from ....errors import LocalError
from ....iam.caller import AccessDenied, Caller
from ....iam.decision import may_be_assumed
from ....iam.principals import trust_policy


def require_trust(role_arn: str, service: str, refusal: str) -> None:
    """Return if the trust policy of a role names the service, or its principal in the Region.

    Args:
        service: such as "lambda"
        refusal: what AWS says otherwise

    Raises:
        LocalError: it does not, or there is no such role here
    """
    trust = trust_policy(role_arn)
    if trust is None:
        raise LocalError(f"the role {role_arn} is not in this assembly")
    principals = (f"{service}.amazonaws.com", f"{service}.{environment().region}.amazonaws.com")
    if not any(may_be_assumed(trust, each) for each in principals):
        raise LocalError(f"{refusal} ({role_arn})")


def require_actions(role_arn: str, resource: str, actions: tuple[str, ...], refusal: str) -> None:
    """Return if the policies of a role allow these actions.

    Args:
        actions: each with its service, such as "events:PutRule"
        refusal: what AWS says otherwise

    Raises:
        LocalError: they do not allow one of them
    """
    for action in actions:
        caller = Caller(action.split(":")[0], environment().region, role_arn)
        try:
            caller.require(action, resource)
        except AccessDenied as denied:
            raise LocalError(f"{refusal}: {denied}") from None
