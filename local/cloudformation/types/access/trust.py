# SPDX-License-Identifier: MIT-0
"""Whether a service may use a role: the role's trust policy decides."""

from ....environment import environment
from ....errors import LocalError
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
