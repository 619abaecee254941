# SPDX-License-Identifier: MIT-0
"""The input of a rule's target: the event, a part of it, a constant, or a template.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

# A variable of a template: a name in angle brackets.
_VARIABLE = re.compile(r"<([A-Za-z0-9_.-]+)>")
# EventBridge knows dots, names with dashes and slashes, indices and wildcards.
_STEP = re.compile(r"\.([A-Za-z0-9_/-]+)|\[(\d+)\]|\[['\"]([^'\"]+)['\"]\]|(\.\*|\[\*\])")
INPUTS = ("Input", "InputPath", "InputTransformer")


def target_input(
    target: Mapping[str, Any], event: Mapping[str, Any], rule_arn: str, ingestion_time: str
) -> str:
    """The text that a target gets for an event."""
    if target.get("Input"):
        return str(target["Input"])
    if target.get("InputPath"):
        return compact(value_at(target["InputPath"], event))
    if transformer := target.get("InputTransformer"):
        paths = transformer.get("InputPathsMap") or {}
        values: dict[str, Any] = {name: value_at(path, event) for name, path in paths.items()}
        values |= {
            "aws.events.rule-arn": rule_arn,
            "aws.events.rule-name": rule_arn.rsplit("/", 1)[-1],
            "aws.events.event.ingestion-time": ingestion_time,
            "aws.events.event.json": dict(event),
            "aws.events.event": {key: value for key, value in event.items() if key != "detail"},
        }
        return fill(str(transformer["InputTemplate"]), values)
    return compact(event)


def value_at(path: str, event: Mapping[str, Any]) -> Any:
    """The value at a path of an event; None if there is none. A wildcard gives a list."""
    found: list[Any] = [event]
    is_list = False
    for name, index, quoted, wildcard in _STEP.findall(path.removeprefix("$")):
        is_list = is_list or bool(wildcard)
        key = int(index) if index else name or quoted
        found = [
            each
            for value in found
            for each in (_children(value) if wildcard else _child(value, key))
        ]
    if is_list:
        return found
    return found[0] if found else None


def is_path(path: str) -> bool:
    """Whether a path is one that EventBridge takes."""
    return path.startswith("$") and not _STEP.sub("", path[1:])


def fill(template: str, values: Mapping[str, Any]) -> str:
    """The template with its variables replaced.

    Between quotes a variable is inserted as text, elsewhere as JSON. A template with neither braces
    nor quotes around it is a text.
    """
    is_json = template.lstrip()[:1] in ('"', "{", "[")
    pieces, end, is_quoted = [], 0, False
    for variable in _VARIABLE.finditer(template):
        before = template[end : variable.start()]
        pieces.append(before)
        is_quoted ^= len(re.findall(r'(?<!\\)(?:\\\\)*"', before)) % 2 == 1
        end = variable.end()
        name = variable[1]
        if name not in values:
            pieces.append(variable[0])
        elif is_json and not is_quoted:
            pieces.append(compact(values[name]))
        else:
            text = _text(values[name])
            pieces.append(json.dumps(text, ensure_ascii=False)[1:-1] if is_json else text)
    pieces.append(template[end:])
    return "".join(pieces)


def compact(value: Any) -> str:
    """JSON as the services send it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else compact(value)


def _child(value: Any, key: str | int) -> Iterator[Any]:
    if isinstance(key, int):
        if isinstance(value, list) and key < len(value):
            yield value[key]
    elif isinstance(value, Mapping) and key in value:
        yield value[key]


def _children(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, list):
        yield from value
