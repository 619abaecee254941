# SPDX-License-Identifier: MIT-0
"""A handler's result as JSON text, for every type that Lambda's runtime accepts.

Lambda's runtime encodes with simplejson: it writes a Decimal as a number, a named tuple as an
object and bytes as text, none of which the standard library's encoder does.
"""

import json.encoder
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

_NAMED_FLOATS = {math.inf: "Infinity", -math.inf: "-Infinity"}


def marshal(value: Any, *, ascii_only: bool = False) -> str:
    """The value as JSON text, with NaN and Infinity where Lambda's runtime writes them.

    Raises:
        TypeError: a value or a key is of a type that has no JSON
        ValueError: a container holds itself, or bytes are not UTF-8
    """
    quote = json.encoder.encode_basestring_ascii if ascii_only else json.encoder.encode_basestring
    return "".join(_Encoder(quote).chunks(value))


class _Encoder:
    def __init__(self, quote: Any) -> None:
        self._quote = quote
        self._open: set[int] = set()

    def chunks(self, value: Any) -> Iterator[str]:
        text = self._scalar(value)
        if text is not None:
            yield text
            return
        if id(value) in self._open:
            raise ValueError("Circular reference detected")
        self._open.add(id(value))
        if callable(getattr(value, "_asdict", None)):
            yield from self._object(value._asdict())
        elif isinstance(value, (list, tuple)):
            yield from self._array(value)
        elif isinstance(value, dict):
            yield from self._object(value)
        else:
            raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
        self._open.discard(id(value))

    def _array(self, items: list[Any] | tuple[Any, ...]) -> Iterator[str]:
        separator = "["
        for item in items:
            yield separator
            yield from self.chunks(item)
            separator = ", "
        yield "]" if items else "[]"

    def _object(self, members: dict[Any, Any]) -> Iterator[str]:
        separator = "{"
        for key, value in members.items():
            yield f"{separator}{self._quote(self._key(key))}: "
            yield from self.chunks(value)
            separator = ", "
        yield "}" if members else "{}"

    def _key(self, key: Any) -> str:
        if isinstance(key, str):
            return key
        if isinstance(key, bytes):
            return key.decode()
        text = None if isinstance(key, Decimal) else self._scalar(key)
        if text is None:
            name = type(key).__name__
            raise TypeError(f"keys must be str, int, float, bool or None, not {name}")
        return text

    def _scalar(self, value: Any) -> str | None:
        """The text of what is no container; None for the rest."""
        if isinstance(value, str):
            return str(self._quote(value))
        if isinstance(value, bytes):
            return str(self._quote(value.decode()))
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return int.__repr__(value)
        if isinstance(value, float):
            return _float_text(value)
        if isinstance(value, Decimal):
            return "NaN" if value.is_nan() else str(value)
        return None


def _float_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return _NAMED_FLOATS.get(value) or float.__repr__(value)
