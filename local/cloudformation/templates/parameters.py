# SPDX-License-Identifier: MIT-0
"""The values of a template's parameters, and of dynamic references."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import LocalError

_SSM_VALUE = re.compile(r"AWS::SSM::Parameter::Value<(.+)>")


def _nothing(_name: str) -> None:
    return None


@dataclass(frozen=True)
class Lookups:
    """Finds values that the endpoint holds, by name; None where it holds none.

    Args:
        ssm_parameter: the value of an SSM parameter, by its name with a version or without
        secret: the text of a secret, by its name or ARN
    """

    ssm_parameter: Callable[[str], str | None] = _nothing
    secret: Callable[[str], str | None] = _nothing

    def dynamic_reference(self, service: str, key: str) -> str:
        """The value of {{resolve:service:key}}.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html

        Raises:
            LocalError: the endpoint does not hold it
        """
        value = None
        if service in ("ssm", "ssm-secure"):
            value = self.ssm_parameter(key)
        elif service == "secretsmanager":
            value = self._secret_value(key)
        if value is None:
            shown = f"{{{{resolve:{service}:{key}}}}}"
            raise LocalError(f"{shown} is not held by this assembly")
        return value

    def _secret_value(self, key: str) -> str | None:
        name, _, rest = _split_secret(key)
        text = self.secret(name)
        kind, field = (*rest.split(":"), "", "")[:2]
        if text is None or kind not in ("", "SecretString"):
            return None
        if not field:
            return text
        try:
            found = json.loads(text).get(field)
        except (ValueError, AttributeError):
            return None
        return None if found is None else str(found)


def _split_secret(key: str) -> tuple[str, str, str]:
    """The secret's name or ARN, and what follows it."""
    if not key.startswith("arn:"):
        return key.partition(":")
    parts = key.split(":")
    return ":".join(parts[:7]), ":", ":".join(parts[7:])


def parameter_value(
    name: str, declared: Mapping[str, Any], given: str | None, lookups: Lookups
) -> str | list[str]:
    """The value of a parameter: the given one, or its default.

    Raises:
        LocalError: it has none, may not have it, or names an SSM parameter that is not held here
    """
    value = given if given is not None else declared.get("Default")
    if value is None:
        raise LocalError(f"the parameter {name} has no value: give it with --parameters {name}=…")
    kind, text = str(declared.get("Type", "String")), _text(value)
    if "AllowedValues" in declared and text not in map(_text, declared["AllowedValues"]):
        allowed = ", ".join(map(_text, declared["AllowedValues"]))
        raise LocalError(f"the parameter {name} must be one of {allowed}, got {text}")
    ssm = _SSM_VALUE.fullmatch(kind)
    if ssm:
        found = lookups.ssm_parameter(text)
        if found is None:
            raise LocalError(
                f"the parameter {name} is the SSM parameter {text}, not held by this assembly"
            )
        kind, text = ssm[1], found
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        return [part.strip() for part in text.split(",")]
    return text


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
