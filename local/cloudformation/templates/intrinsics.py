# SPDX-License-Identifier: MIT-0
"""CloudFormation's intrinsic functions, resolved with the values of a template's names.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

import base64
import ipaddress
import json
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Protocol

from ...errors import LocalError

# The value of AWS::NoValue: the property or item that has it is left out.
NO_VALUE = {"Ref": "AWS::NoValue"}
_SUB_VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")
_DYNAMIC = re.compile(r"\{\{resolve:([\w-]+):([^{}]+)\}\}")


class Names(Protocol):
    """The meaning of the names in a template."""

    def ref(self, name: str) -> Any: ...
    def attribute(self, logical_id: str, attribute: str) -> Any: ...
    def condition(self, name: str) -> bool: ...
    def mapping(self, name: str) -> Any: ...
    def export(self, name: str) -> str: ...
    def dynamic_reference(self, service: str, key: str) -> str: ...
    @property
    def region(self) -> str: ...


def resolve_intrinsics(value: Any, names: Names) -> Any:
    """The value with every intrinsic function and dynamic reference in it resolved.

    Raises:
        LocalError: a function is unknown, or a name is not defined
    """
    if isinstance(value, str):
        return _DYNAMIC.sub(lambda found: names.dynamic_reference(found[1], found[2]), value)
    if isinstance(value, list):
        return [
            item for item in (resolve_intrinsics(each, names) for each in value) if item != NO_VALUE
        ]
    if not isinstance(value, dict):
        return value
    if is_intrinsic(value):
        [(name, argument)] = value.items()
        if name not in FUNCTIONS:
            raise LocalError(f"the function {name} is not supported here")
        return FUNCTIONS[name](argument, names)
    resolved = {key: resolve_intrinsics(item, names) for key, item in value.items()}
    return {key: item for key, item in resolved.items() if item != NO_VALUE}


def is_intrinsic(value: Any) -> bool:
    """Whether the value is an intrinsic function, which is not resolved yet."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    [name] = value
    return name in FUNCTIONS or name.startswith("Fn::")


def references(value: Any) -> Iterator[str]:
    """Every name that a Ref, GetAtt or Sub below the value mentions."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            # With another key beside it, it is data.
            if is_intrinsic(value):
                yield from _named(key, item)
            yield from references(item)


def _named(function: str, argument: Any) -> Iterator[str]:
    if function == "Ref" and isinstance(argument, str):
        yield argument
    elif function == "Fn::GetAtt":
        yield argument.split(".")[0] if isinstance(argument, str) else argument[0]
    elif function == "Fn::Sub":
        text, own = (argument, {}) if isinstance(argument, str) else argument
        names = {name.strip() for name in _SUB_VARIABLE.findall(text)} - set(own)
        yield from sorted(name.split(".")[0] for name in names)


def names_in(function: str, value: Any) -> Iterator[str]:
    """The name that each use of Fn::If or Fn::FindInMap below the value begins with."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in items:
        yield from names_in(function, item)
    if is_intrinsic(value):
        match value.get(function):
            # A fourth argument of Fn::FindInMap is a default, and a name may be put together.
            case [str(name), _, _]:
                yield name


def unknown_functions(value: Any) -> Iterator[str]:
    """Every function below the value that is not supported here."""
    if isinstance(value, list):
        for item in value:
            yield from unknown_functions(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key.startswith("Fn::") and key not in FUNCTIONS and len(value) == 1:
                yield key
            yield from unknown_functions(item)


def _ref(name: str, names: Names) -> Any:
    return NO_VALUE if name == NO_VALUE["Ref"] else names.ref(name)


def _get_att(argument: list[Any] | str, names: Names) -> Any:
    logical_id, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
    return names.attribute(logical_id, resolve_intrinsics(attribute, names))


def _sub(argument: str | list[Any], names: Names) -> str:
    text, variables = (argument, {}) if isinstance(argument, str) else argument

    def replace(match: re.Match[str]) -> str:
        name = match.group(1).strip()
        if name in variables:
            return str(resolve_intrinsics(variables[name], names))
        return str(_get_att(name, names) if "." in name else _ref(name, names))

    return str(resolve_intrinsics(_SUB_VARIABLE.sub(replace, text).replace("${!", "${"), names))


def _join(argument: list[Any], names: Names) -> str:
    delimiter, parts = argument
    joined = str(delimiter).join(_text(part) for part in resolve_intrinsics(parts, names))
    # A dynamic reference may be put together of parts.
    return str(resolve_intrinsics(joined, names))


def _text(part: Any) -> str:
    return str(part).lower() if isinstance(part, bool) else str(part)


def _select(argument: list[Any], names: Names) -> Any:
    index, items = resolve_intrinsics(argument, names)
    try:
        return items[int(index)]
    except IndexError:
        raise LocalError(f"Fn::Select asks for item {index} of {len(items)}") from None


def _split(argument: list[Any], names: Names) -> list[str]:
    delimiter, text = resolve_intrinsics(argument, names)
    return str(text).split(delimiter)


def _if(argument: list[Any], names: Names) -> Any:
    name, if_true, if_false = argument
    return resolve_intrinsics(if_true if names.condition(name) else if_false, names)


def _condition_or_data(argument: Any, names: Names) -> Any:
    # In a policy, `Condition` is data: there it holds an object, never a name.
    if isinstance(argument, str):
        return names.condition(argument)
    return {"Condition": resolve_intrinsics(argument, names)}


def _equals(argument: list[Any], names: Names) -> bool:
    left, right = resolve_intrinsics(argument, names)
    return _text(left) == _text(right) if not isinstance(left, dict | list) else left == right


def _find_in_map(argument: list[Any], names: Names) -> Any:
    name, top, second, *options = resolve_intrinsics(argument, names)
    mapping = names.mapping(name)
    try:
        return mapping[top][second]
    except (KeyError, TypeError):
        for option in options:
            if isinstance(option, dict) and "DefaultValue" in option:
                return option["DefaultValue"]
        raise LocalError(f"the mapping {name} has no value for {top}, {second}") from None


def _import_value(argument: Any, names: Names) -> str:
    return names.export(str(resolve_intrinsics(argument, names)))


def _base64(argument: Any, names: Names) -> str:
    return base64.b64encode(str(resolve_intrinsics(argument, names)).encode()).decode()


def _get_azs(argument: Any, names: Names) -> list[str]:
    region = resolve_intrinsics(argument, names) or names.region
    return [f"{region}{zone}" for zone in "abc"]


def _cidr(argument: list[Any], names: Names) -> list[str]:
    block, count, *rest = resolve_intrinsics(argument, names)
    network = ipaddress.ip_network(block)
    bits = int(rest[0]) if rest else 8
    subnets = network.subnets(new_prefix=network.max_prefixlen - bits)
    return [str(subnet) for subnet in islice(subnets, int(count))]


def _to_json_string(argument: Any, names: Names) -> str:
    return json.dumps(resolve_intrinsics(argument, names), separators=(",", ":"))


def _length(argument: Any, names: Names) -> int:
    return len(resolve_intrinsics(argument, names))


FUNCTIONS: dict[str, Callable[[Any, Names], Any]] = {
    "Ref": _ref,
    "Condition": _condition_or_data,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::If": _if,
    "Fn::Equals": _equals,
    "Fn::Not": lambda argument, names: not resolve_intrinsics(argument, names)[0],
    "Fn::And": lambda argument, names: all(resolve_intrinsics(argument, names)),
    "Fn::Or": lambda argument, names: any(resolve_intrinsics(argument, names)),
    "Fn::FindInMap": _find_in_map,
    "Fn::ImportValue": _import_value,
    "Fn::Base64": _base64,
    "Fn::GetAZs": _get_azs,
    "Fn::Cidr": _cidr,
    "Fn::ToJsonString": _to_json_string,
    "Fn::Length": _length,
}
