# SPDX-License-Identifier: MIT-0
"""The values of a template's parameters, and of dynamic references."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import LocalError

# The one version of a secret that is held here.
CURRENT = "AWSCURRENT"
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
        # No template makes a SecureString, for ssm-secure.
        if service == "ssm":
            value = self.ssm_parameter(key)
        elif service == "secretsmanager":
            value = self._secret_value(key)
        if value is None:
            shown = f"{{{{resolve:{service}:{key}}}}}"
            raise LocalError(f"{shown} is not defined in this assembly")
        return value

    def _secret_value(self, key: str) -> str | None:
        name, _, rest = _split_secret(key)
        text = self.secret(name)
        kind, field, stage, version = (*rest.split(":"), "", "", "", "")[:4]
        if text is None or kind not in ("", "SecretString"):
            return None
        if version or stage not in ("", CURRENT):
            return None
        if not field:
            return text
        try:
            found = json.loads(text).get(field)
        except (ValueError, AttributeError):
            return None
        return found if isinstance(found, str) or found is None else json.dumps(found)


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
    for part in _split(text) if _is_list(kind) else [text]:
        if rule := _broken_rule(declared, kind, part):
            raise LocalError(f"the parameter {name} must {rule}, got {part}")
    ssm = _SSM_VALUE.fullmatch(kind)
    if ssm:
        found = lookups.ssm_parameter(text)
        if found is None:
            raise LocalError(
                f"the parameter {name} is the SSM parameter {text}, not defined in this assembly"
            )
        kind, text = ssm[1], found
    return _split(text) if _is_list(kind) else text


def _is_list(kind: str) -> bool:
    return kind == "CommaDelimitedList" or kind.startswith("List<")


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


def _broken_rule(declared: Mapping[str, Any], kind: str, text: str) -> str | None:
    """What a parameter's declaration asks of a value that is not so.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
    """
    allowed = list(map(_text, declared.get("AllowedValues", [text])))
    if text not in allowed:
        return f"be one of {', '.join(allowed)}"
    if not re.fullmatch(pattern := declared.get("AllowedPattern", "(?s:.*)"), text):
        return f"match {pattern}"
    size = float(len(text))
    if kind in ("Number", "List<Number>"):
        try:
            size = float(text)
        except ValueError:
            return "be a number"
    for names, is_kept in (
        (("MinValue", "MinLength"), size.__ge__),
        (("MaxValue", "MaxLength"), size.__le__),
    ):
        for name in names:
            if name in declared and not is_kept(float(declared[name])):
                return f"have {name} {declared[name]}"
    return None


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
