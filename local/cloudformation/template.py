# SPDX-License-Identifier: MIT-0
"""A CloudFormation template with its intrinsic functions resolved as resources appear."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from ..errors import LocalError

# What stands for nothing: the property or item that has it is left out.
NO_VALUE = {"Ref": "AWS::NoValue"}
_SUB_VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")


@dataclass(frozen=True)
class PhysicalResource:
    """What a created resource answers to: its Ref and its attributes."""

    ref: str
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass
class Template:
    """A template whose values become known while its resources are created."""

    document: dict[str, Any]
    pseudo_parameters: dict[str, str]
    physical: dict[str, PhysicalResource] = field(default_factory=dict)

    def in_creation_order(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Logical id and resource, each after everything it refers to.

        Raises:
            LocalError: the resources refer to each other in a circle
        """
        resources = self.document.get("Resources", {})
        graph = {
            logical_id: {
                *(name for name in _references(resource) if name in resources),
                *_as_list(resource.get("DependsOn", [])),
            }
            for logical_id, resource in resources.items()
        }
        try:
            order = tuple(TopologicalSorter(graph).static_order())
        except CycleError as error:
            raise LocalError(f"circular dependency: {' -> '.join(error.args[1])}") from None
        return (
            (logical_id, resources[logical_id])
            for logical_id in order
            if self._is_wanted(resources[logical_id])
        )

    def outputs(self) -> dict[str, str]:
        return {
            name: self.resolve(output["Value"])
            for name, output in self.document.get("Outputs", {}).items()
            if self._is_wanted(output)
        }

    def resolve(self, value: Any) -> Any:
        """The value with every intrinsic function in it replaced by what it stands for.

        Raises:
            LocalError: a function is not supported here, or refers to nothing
        """
        if isinstance(value, list):
            return [item for item in map(self.resolve, value) if item != NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            [(name, argument)] = value.items()
            if name in _FUNCTIONS:
                return _FUNCTIONS[name](self, argument)
            if name.startswith("Fn::"):
                raise LocalError(f"the function {name} is not supported here")
        resolved = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item != NO_VALUE}

    def _is_wanted(self, entry: dict[str, Any]) -> bool:
        return "Condition" not in entry or self._condition(entry["Condition"])

    def _condition(self, name: str) -> bool:
        return bool(self.resolve(self.document["Conditions"][name]))

    def _condition_or_data(self, argument: Any) -> Any:
        # In a policy, `Condition` is data: there it holds an object, never a name.
        if isinstance(argument, str):
            return self._condition(argument)
        return {"Condition": self.resolve(argument)}

    def _ref(self, name: str) -> Any:
        if name == NO_VALUE["Ref"]:
            return NO_VALUE
        if name in self.pseudo_parameters:
            return self.pseudo_parameters[name]
        if name in self.physical:
            return self.physical[name].ref
        parameter = self.document.get("Parameters", {}).get(name, {})
        if "Default" in parameter:
            return str(parameter["Default"])
        raise LocalError(f"Ref {name} refers to nothing that was created")

    def _get_att(self, argument: list[str] | str) -> str:
        logical_id, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        physical = self.physical.get(logical_id)
        if physical is None or attribute not in physical.attributes:
            raise LocalError(f"{logical_id} has no attribute {attribute} here")
        return physical.attributes[attribute]

    def _sub(self, argument: str | list[Any]) -> str:
        text, variables = (argument, {}) if isinstance(argument, str) else argument

        def replace(match: re.Match[str]) -> str:
            name = match.group(1)
            if name in variables:
                return str(self.resolve(variables[name]))
            return str(self._get_att(name) if "." in name else self._ref(name))

        return _SUB_VARIABLE.sub(replace, text).replace("${!", "${")

    def _join(self, argument: list[Any]) -> str:
        delimiter, parts = argument
        return str(delimiter).join(str(part) for part in self.resolve(parts))

    def _select(self, argument: list[Any]) -> Any:
        index, items = self.resolve(argument)
        return items[int(index)]

    def _split(self, argument: list[Any]) -> list[str]:
        delimiter, text = self.resolve(argument)
        return str(text).split(delimiter)

    def _if(self, argument: list[Any]) -> Any:
        name, if_true, if_false = argument
        return self.resolve(if_true if self._condition(name) else if_false)

    def _equals(self, argument: list[Any]) -> bool:
        left, right = self.resolve(argument)
        return bool(left == right)

    def _not(self, argument: list[Any]) -> bool:
        return not self.resolve(argument)[0]

    def _and(self, argument: list[Any]) -> bool:
        return all(self.resolve(argument))

    def _or(self, argument: list[Any]) -> bool:
        return any(self.resolve(argument))


_FUNCTIONS: dict[str, Callable[[Template, Any], Any]] = {
    "Ref": Template._ref,
    "Condition": Template._condition_or_data,
    "Fn::GetAtt": Template._get_att,
    "Fn::Sub": Template._sub,
    "Fn::Join": Template._join,
    "Fn::Select": Template._select,
    "Fn::Split": Template._split,
    "Fn::If": Template._if,
    "Fn::Equals": Template._equals,
    "Fn::Not": Template._not,
    "Fn::And": Template._and,
    "Fn::Or": Template._or,
}


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _references(value: Any) -> Iterator[str]:
    """Every name that a Ref, GetAtt or Sub below the value mentions."""
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Ref":
                yield item
            elif key == "Fn::GetAtt":
                yield item.split(".")[0] if isinstance(item, str) else item[0]
            elif key == "Fn::Sub":
                text = item if isinstance(item, str) else item[0]
                yield from (name.split(".")[0] for name in _SUB_VARIABLE.findall(text))
            yield from _references(item)
