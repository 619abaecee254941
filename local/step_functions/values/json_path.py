# SPDX-License-Identifier: MIT-0
"""JSONPath: what a path selects."""

import copy
import json
import re
from functools import lru_cache
from typing import Any

_BRACKETS = r"\[(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\[[^\[\]]*\]|[^\[\]'\"])*\]"
_SEGMENT = re.compile(rf"({_BRACKETS})|(\.\.?)(\[|[^.\[\]*()\s'\"]+)?")


class PathSyntaxError(ValueError):
    """The text is no JSONPath."""


class NothingSelected(LookupError):
    """A path to one value leads to none."""


class NoPlace(LookupError):
    """A value has no place at a path: the path leads through what is no object."""


@lru_cache(maxsize=1024)
def parse_path(path: str) -> Any:
    """The compiled path.

    Raises:
        PathSyntaxError: it is none, or has functions, which the service does not support
    """
    # Only here: it takes long to load, and JSONata has no use for it.
    import jsonpath

    if not path.startswith("$"):
        raise PathSyntaxError(f"{path} does not start with $")
    try:
        return jsonpath.compile(_SEGMENT.sub(_bracketed, path))
    except (jsonpath.JSONPathError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        raise PathSyntaxError(f"{path} is no JSONPath: {reason}") from None


def _bracketed(segment: re.Match[str]) -> str:
    """A segment in RFC 9535's syntax: the service takes names such as `a:b` without brackets."""
    brackets, dots, name = segment.groups()
    if brackets or not name:
        return segment[0]
    descent = dots if dots == ".." else ""
    return f"{descent}[" if name == "[" else f"{descent}[{json.dumps(name, ensure_ascii=False)}]"


def select(path: str, data: Any) -> Any:
    """The value of a path that is definite, else the list of all that it matches.

    A path is definite without `..`, `*`, slices, filters and lists of indexes.

    Raises:
        PathSyntaxError: the text is no path
        NothingSelected: a definite path leads to no value
    """
    query = parse_path(path)
    values = _text_alone(query, data) if isinstance(data, str) else query.findall(data)
    if not query.singular_query():
        return values
    if not values:
        raise NothingSelected(path)
    return values[0]


def _text_alone(query: Any, text: str) -> list[Any]:
    """What a path selects from a text, which the library takes for JSON: itself, or nothing."""
    return [] if query.segments else [text]


def placed(path: str, data: Any, value: Any) -> Any:
    """A copy of the data with a value at a path to one value; objects that are missing are made.

    Raises:
        NoPlace: the path leads through a value that is no object, or to no element of an array
    """
    copied = {"$": copy.deepcopy(data)}
    place: Any = copied
    key: str | int = "$"
    for segment in parse_path(path).segments:
        [selector] = segment.selectors
        place = place.setdefault(key, {}) if isinstance(place, dict) else place[key]
        key = selector.name if hasattr(selector, "name") else selector.index
        is_object = isinstance(place, dict) and isinstance(key, str)
        is_element = isinstance(place, list) and key in range(-len(place), len(place))
        if not is_object and not is_element:
            raise NoPlace(path)
    place[key] = value
    return copied["$"]
