# SPDX-License-Identifier: MIT-0
"""The intrinsic functions, and the evaluation of a call.

Numbers lose their fraction, except in States.MathAdd, which rounds: so measured on the service.
"""

import base64
import binascii
import hashlib
import json
import math
import random
import re
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from .syntax import IntrinsicCall, Literal, Path

MAX_CHARACTERS = 10_000
MAX_RANGE_ITEMS = 1_000
_INT = range(-(2**31), 2**31)
_HASHES = {"MD5": "md5", **{f"SHA-{bits}": f"sha{bits}" for bits in (1, 256, 384, 512)}}
_PLACEHOLDER = re.compile(r"\\([\\'{}])|(\{\})|[{}]")
T = TypeVar("T")


class InvalidArguments(ValueError):
    """A function was called with too many, too few or wrong arguments."""


def evaluate(call: IntrinsicCall, resolve: Callable[[str], Any]) -> Any:
    """The value of a call.

    Args:
        resolve: returns the value of an argument that starts with `$`

    Raises:
        InvalidArguments: a function takes other arguments
    """
    arguments = [_argument(argument, resolve) for argument in call.arguments]
    if call.name == "Format" and call.arguments and isinstance(call.arguments[0], Literal):
        # An escaped brace of a literal template is no placeholder.
        arguments[0] = call.arguments[0].raw
    try:
        return FUNCTIONS[call.name](*arguments)
    except (TypeError, ValueError, LookupError, OverflowError):
        raise InvalidArguments(f"Invalid arguments in States.{call.name}") from None


def _argument(argument: Literal | Path | IntrinsicCall, resolve: Callable[[str], Any]) -> Any:
    if isinstance(argument, Literal):
        return argument.value
    return resolve(argument.text) if isinstance(argument, Path) else evaluate(argument, resolve)


def text_of(value: Any) -> str:
    """A value as part of a text: objects and arrays as Java writes them."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return f"[{', '.join(map(text_of, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}={text_of(item)}' for key, item in value.items())}}}"
    return json.dumps(value)


def _of_type(value: Any, expected: type[T]) -> T:
    if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
        raise TypeError
    return value


def _text(value: Any) -> str:
    if len(_of_type(value, str)) > MAX_CHARACTERS:
        raise ValueError
    return str(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return value


def _whole(value: Any) -> int:
    return math.trunc(_number(value))


def _rounded(value: Any) -> int:
    number = _number(value)
    return _in_range(math.floor(number + 0.5) if isinstance(number, float) else number)


def _in_range(number: int) -> int:
    if number not in _INT:
        raise ValueError
    return number


def _format(template: Any, *values: Any) -> str:
    rest = list(values)

    def replace(match: re.Match[str]) -> str:
        if match[1]:
            return match[1]
        if not match[2]:
            raise ValueError
        return text_of(rest.pop(0))

    text = _PLACEHOLDER.sub(replace, _of_type(template, str))
    if rest:
        raise ValueError
    return text


def _split(text: Any, marks: Any) -> list[str]:
    """Split at every character of `marks`; empty parts are left out."""
    for mark in _of_type(marks, str):
        text = _of_type(text, str).replace(mark, marks[0])
    parts = text.split(marks[0]) if marks else [_of_type(text, str)]
    return [part for part in parts if part]


def _string_to_json(text: Any) -> Any:
    return json.loads(text) if _of_type(text, str).strip() else None


def _partition(array: Any, size: Any) -> list[Any]:
    step = _whole(size)
    if step <= 0:
        raise ValueError
    return [array[start : start + step] for start in range(0, len(_of_type(array, list)), step)]


def _contains(array: Any, value: Any) -> bool:
    # As the service compares: 1 is found in ["1"].
    return text_of(value) in map(text_of, _of_type(array, list))


def _range(first: Any, last: Any, step: Any) -> list[int]:
    start, end, by = _whole(first), _whole(last), _whole(step)
    items = range(start, end + (1 if by > 0 else -1), by)
    if len(items) > MAX_RANGE_ITEMS:
        raise ValueError
    return list(items)


def _item(array: Any, index: Any) -> Any:
    position = _whole(index)
    if not _of_type(array, list):
        return None
    if position < 0:
        raise IndexError
    return array[position]


def _unique(array: Any) -> list[Any]:
    seen: dict[str, Any] = {}
    for item in _of_type(array, list):
        number = isinstance(item, float) and item.is_integer()
        seen.setdefault(json.dumps(int(item) if number else item, sort_keys=True), item)
    return list(seen.values())


def _decode(text: Any) -> str:
    # What is no Base64 is skipped, and missing padding added, as the service does.
    digits = re.sub(r"[^A-Za-z0-9+/]", "", _text(text))
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4)).decode(errors="replace")
    except binascii.Error:
        raise ValueError from None


def _hash(value: Any, algorithm: Any) -> str:
    return hashlib.new(_HASHES[algorithm], _text(text_of(value)).encode()).hexdigest()


def _merge(first: Any, second: Any, deep: Any) -> dict[str, Any]:
    if deep is True:
        raise ValueError
    return {**_of_type(first, dict), **_of_type(second, dict)}


def _random(start: Any, end: Any, *seed: Any) -> int:
    [seed_number] = map(_number, seed) if seed else [None]
    return random.Random(seed_number).randrange(_whole(start), _whole(end))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "Array": lambda *values: list(values),
    "ArrayContains": _contains,
    "ArrayGetItem": _item,
    "ArrayLength": lambda array: len(_of_type(array, list)),
    "ArrayPartition": _partition,
    "ArrayRange": _range,
    "ArrayUnique": _unique,
    "Base64Decode": _decode,
    "Base64Encode": lambda text: base64.b64encode(_text(text).encode()).decode(),
    "Format": _format,
    "Hash": _hash,
    "JsonMerge": _merge,
    "JsonToString": lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False),
    "MathAdd": lambda first, second: _in_range(_rounded(first) + _rounded(second)),
    "MathRandom": _random,
    "StringSplit": _split,
    "StringToJson": _string_to_json,
    "UUID": lambda: str(uuid.uuid4()),
}
