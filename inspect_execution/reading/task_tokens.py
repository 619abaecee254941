# SPDX-License-Identifier: MIT-0
"""Task tokens: where an execution's data holds them.

A task token is a credential: anyone who has it can report the task's result.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

# Shorter texts are not tokens, and would be found in many places.
MIN_TOKEN_CHARACTERS = 16
_MIN_LOOKALIKE_CHARACTERS = 32
_KEY = re.compile(r"(?i)(task)?[_-]?token")
_TOKEN_CHARACTERS = re.compile(r"[\w+/%\\.:~-]{16,}")
_CALLBACK = ".waitForTaskToken"
_REFERENCE = re.compile(r"(\$\$|\$states\.context)\.Task\.Token")
_Path = tuple[str, ...]


@dataclass(frozen=True)
class FoundTokens:
    """The task tokens of an execution's tasks, and texts that may be one."""

    tokens: list[str]
    lookalikes: list[str]


def find_tokens(events: Iterable[dict[str, Any]], definition: str) -> FoundTokens:
    """Find the tokens in the parameters of all tasks that wait for a callback."""
    tokens: list[str] = []
    lookalikes: list[str] = []
    paths = _token_paths(definition)
    for parameters in _callback_parameters(events):
        placed = list(_texts_at(parameters, paths))
        tokens += [*named_tokens(parameters), *placed]
        if not placed:
            lookalikes += _lookalikes(parameters)
    return FoundTokens(tokens, lookalikes)


def named_tokens(value: Any) -> Iterator[str]:
    """The texts under a key such as TaskToken, at any depth of a JSON value or text."""
    for path, text in _texts(_parsed(value)):
        if path and _KEY.fullmatch(path[-1]) and _may_be_token(text):
            yield text


def written_forms(token: str) -> tuple[str, ...]:
    """A token without its padding: plain, percent-encoded, and as JSON of an encoder that
    escapes slashes or (as .NET does) plus signs, also nested in other JSON.
    """
    bare = token.rstrip("=")
    escaped = [bare.replace(*each) for each in (("/", "\\/"), ("+", "\\u002B"), ("+", "\\u002b"))]
    nested = [form.replace("\\", "\\\\") for form in escaped]
    return bare, quote(bare, safe=""), *escaped, *nested


def _callback_parameters(events: Iterable[dict[str, Any]]) -> Iterator[Any]:
    for event in events:
        details = event.get("taskScheduledEventDetails") or {}
        if str(details.get("resource", "")).endswith(_CALLBACK):
            yield _parsed(details.get("parameters", ""))


def _token_paths(definition: str) -> list[_Path]:
    """The paths within a task's parameters at which a definition puts the token."""
    paths = []
    for path, text in _texts(_parsed(definition)):
        for root in ("Arguments", "Parameters"):
            if root in path and _REFERENCE.search(text):
                inner = path[path.index(root) + 1 :]
                paths.append((*inner[:-1], inner[-1].removesuffix(".$")) if inner else ())
    return paths


def _texts_at(value: Any, paths: list[_Path]) -> Iterator[str]:
    for path, text in _texts(value):
        if path in paths and _may_be_token(text):
            yield text


def _lookalikes(value: Any) -> Iterator[str]:
    """All texts that may be the token, for a definition that does not show where it is."""
    for path, text in _texts(value):
        # A function's name may be as long, and the correlation needs it.
        if path == ("FunctionName",):
            continue
        for run in re.findall(rf"[\w+/-]{{{_MIN_LOOKALIKE_CHARACTERS},}}", unquote(text)):
            parts = {run, *run.split("/")}
            yield from (part for part in parts if len(part) >= _MIN_LOOKALIKE_CHARACTERS)


def _may_be_token(text: str) -> bool:
    is_long = len(text) >= MIN_TOKEN_CHARACTERS
    return is_long and _TOKEN_CHARACTERS.fullmatch(text.rstrip("=")) is not None


def _texts(value: Any) -> Iterator[tuple[_Path, str]]:
    """All texts in a JSON value with their paths. A stack, because JSON may be deeply nested."""
    stack: list[tuple[_Path, Any]] = [((), value)]
    while stack:
        path, item = stack.pop()
        if isinstance(item, str):
            yield path, item
        elif isinstance(item, dict):
            stack.extend(((*path, str(key)), nested) for key, nested in item.items())
        elif isinstance(item, list):
            stack.extend(((*path, str(index)), nested) for index, nested in enumerate(item))


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value
