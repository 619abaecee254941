# SPDX-License-Identifier: MIT-0
"""Values on their way into an expression and out of it: JSON to the engine's, and back."""

import json
import math
from typing import Any

from jsonata.jsonata import Jsonata
from jsonata.parser import Parser
from jsonata.utils import Utils

from .errors import NothingReturned, UnsupportedResult

UNDEFINED = None
NULL = Utils.NULL_VALUE
_LONGEST_INTEGER = 2**63
# JavaScript writes whole numbers in full below this, and with an exponent from there on.
_FULL_BELOW = 1e21
_SIGNIFICANT_DIGITS = 15
_INDENT = "  "


def to_engine(value: Any) -> Any:
    """A JSON value as the engine takes it: null is an object of its own, None is undefined.

    An integer is exact as long as it fits in 64 bits, and a double from there on (measured on AWS).
    """
    if value is None:
        return NULL
    if isinstance(value, dict):
        return {key: to_engine(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_engine(item) for item in value]
    return simplest_number(value)


def to_json_value(value: Any) -> Any:
    """The JSON value of a result; of a number that is not finite, its name (measured on AWS).

    Raises:
        NothingReturned: the result is undefined
        UnsupportedResult: the result is or holds a function or a regular expression
    """
    if value is UNDEFINED:
        raise NothingReturned
    return _json(value)


def _json(value: Any) -> Any:
    if value is NULL or value is UNDEFINED:
        return None
    if isinstance(value, str | bool):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        return number_text(value)
    if isinstance(value, int | float):
        return simplest_number(value)
    if isinstance(value, dict):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_json(item) for item in value]
    raise UnsupportedResult


def simplest_number(value: Any) -> Any:
    """A number in its simplest form: whole numbers of 64 bits are integers, others are doubles."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _LONGEST_INTEGER:
        return int(value)
    if isinstance(value, int) and not -_LONGEST_INTEGER <= value < _LONGEST_INTEGER:
        return _double(value)
    return value


def _double(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_jsonata_function(value: Any) -> bool:
    return isinstance(value, Jsonata.JFunctionCallable | Parser.Symbol)


def number_text(value: float) -> str:
    """A number as JavaScript writes it, in fifteen significant digits unless it is whole."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, int) or value.is_integer():
        if abs(value) < _FULL_BELOW:
            return str(int(value))
        value = _double(int(value))
    mantissa, _, exponent = f"{value:.{_SIGNIFICANT_DIGITS}g}".partition("e")
    if not exponent:
        return mantissa
    power = int(exponent)
    if -7 < power < 0:
        return f"{value:.{_SIGNIFICANT_DIGITS - 1 - power}f}".rstrip("0")
    return f"{mantissa}e{'+' if power > 0 else ''}{power}"


def nested_json_text(value: Any, indent: str = "", pretty: bool = False) -> str:
    """A value inside of another as $string writes it: functions are empty texts."""
    if value is NULL or value is UNDEFINED:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        text = number_text(value)
        return text if math.isfinite(value) else f'"{text}"'
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list):
        return '""'
    inner = indent + _INDENT if pretty else ""
    if isinstance(value, dict):
        colon = ": " if pretty else ":"
        parts = [
            f"{json.dumps(key, ensure_ascii=False)}{colon}{nested_json_text(item, inner, pretty)}"
            for key, item in value.items()
        ]
        return _joined("{", parts, "}", indent, pretty)
    return _joined(
        "[", [nested_json_text(item, inner, pretty) for item in value], "]", indent, pretty
    )


def _joined(start: str, parts: list[str], end: str, indent: str, pretty: bool) -> str:
    if not parts or not pretty:
        return start + ",".join(parts) + end
    inner = indent + _INDENT
    return f"{start}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{end}"


def copied(value: Any) -> Any:
    """A copy of a value for a transform to change; null stays the one null."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value
