# SPDX-License-Identifier: MIT-0
"""The elements of a template's policies that are not supported."""

from collections.abc import Iterable, Mapping
from typing import Any

from ....endpoint.gateway import SERVICES
from ....endpoint.permissions.table import PREFIXES
from ....iam.policy import policy_problems
from ...resource import PropertiesCheck

# The prefixes of the actions that can be called here.
SERVED = frozenset(PREFIXES.get(service, service) for service in SERVICES)


def check_policy(*names: str) -> PropertiesCheck:
    """The check of the properties that are policies."""

    def check(properties: Mapping[str, Any]) -> Iterable[str]:
        for name in names:
            for problem in policy_problems(properties.get(name, {}), SERVED):
                yield f"the property {name}: {problem}"

    return check


def check_inline_policies(properties: Mapping[str, Any]) -> Iterable[str]:
    """The check of the property Policies, a list of named ones."""
    policies = properties.get("Policies", [])
    for policy in policies if isinstance(policies, list) else []:
        document = policy.get("PolicyDocument", {}) if isinstance(policy, Mapping) else {}
        for problem in policy_problems(document, SERVED):
            yield f"the property Policies: {problem}"
