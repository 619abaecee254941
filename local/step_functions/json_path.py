# SPDX-License-Identifier: MIT-0
"""JSONPath: what a path selects."""

from functools import lru_cache
from typing import Any

import jsonpath
from jsonpath.exceptions import JSONPathError


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
        return jsonpath.compile(path)
    except (JSONPathError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        raise PathSyntaxError(f"{path} is no JSONPath: {reason}") from None


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
