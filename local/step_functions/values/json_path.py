# SPDX-License-Identifier: MIT-0
"""JSONPath: what a path selects."""

import json
import re
from functools import lru_cache
from typing import Any

import jsonpath
from jsonpath.exceptions import JSONPathError

_BRACKETS = r"\[(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\[[^\[\]]*\]|[^\[\]'\"])*\]"
_SEGMENT = re.compile(rf"({_BRACKETS})|(\.\.?)(\[|[^.\[\]*()\s'\"]+)?")


class PathSyntaxError(ValueError):
    """The text is no JSONPath."""


class NothingSelected(LookupError):
    """A path to one value leads to none."""


@lru_cache(maxsize=1024)
def parse_path(path: str) -> Any:
    """The compiled path.

    Raises:
        PathSyntaxError: it is none, or has functions, which the service does not support
    """
    if not path.startswith("$"):
        raise PathSyntaxError(f"{path} does not start with $")
    try:
        return jsonpath.compile(_SEGMENT.sub(_bracketed, path))
    except (JSONPathError, RecursionError) as error:
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
    values = query.findall(data)
    if not query.singular_query():
        return values
    if not values:
        raise NothingSelected(path)
    return values[0]
