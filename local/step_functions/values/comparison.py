# SPDX-License-Identifier: MIT-0
"""Comparisons of Choice states: whether a value fits an operator and its operand.

https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
"""

import operator
import re
from collections.abc import Callable
from typing import Any

from .timestamp import parse_timestamp

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}
_KIND = re.compile("String|Numeric|Boolean|Timestamp")
_WILDCARD = re.compile(r"\\(.)|(\*)|[^\\*]+|\\", re.DOTALL)


def fits(name: str, value: Any, operand: Any) -> bool:
    """Whether the value satisfies the operator. Values of different types do not.

    Args:
        name: an operator that is no path, such as NumericLessThan, but not IsPresent
    """
    if name.startswith("Is"):
        return _is_of_type(name.removeprefix("Is"), value) is operand
    if name == "StringMatches":
        return isinstance(value, str) and _pattern(operand).fullmatch(value) is not None
    kind = _KIND.match(name)
    assert kind is not None
    left, right = _comparable(kind[0], value), _comparable(kind[0], operand)
    if left is None or right is None:
        return False
    return _ORDERS[name[kind.end() :]](left, right)


def _is_of_type(name: str, value: Any) -> bool:
    return value is None if name == "Null" else _comparable(name, value) is not None


def _comparable(kind: str, value: Any) -> Any:
    """A value of that type in its comparable form; None for a value of another type."""
    if kind == "Timestamp":
        return parse_timestamp(value)
    if kind == "String":
        # Ordered as Java orders texts: by the units of UTF-16.
        return value.encode("utf-16-be", "surrogatepass") if isinstance(value, str) else None
    if kind == "Boolean":
        return value if isinstance(value, bool) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _pattern(wildcards: str) -> re.Pattern[str]:
    r"""The pattern of StringMatches: `*` is any text, but not after a `\`."""

    def translated(match: re.Match[str]) -> str:
        return ".*" if match[2] else re.escape(match[1] or match[0])

    return re.compile(_WILDCARD.sub(translated, wildcards), re.DOTALL)
