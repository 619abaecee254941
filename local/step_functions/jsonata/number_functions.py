# SPDX-License-Identifier: MIT-0
"""JSONata's functions of numbers, times and arrays that jsonata-python answers differently."""

import functools
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from jsonata.functions import Functions
from jsonata.utils import Utils

from .errors import evaluation_failure
from .values import copied, is_number

_DECIMAL = re.compile(r"-?\d+(\.\d+)?([Ee][-+]?\d+)?", re.ASCII)
_OTHER_BASE = re.compile(r"0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+")
_ISO_8601 = re.compile(
    r"(\d{4})(?:-([01]\d))?(?:-([0-3]\d))?(?:T([0-2]\d):([0-5]\d):([0-5]\d))?(?:\.(\d+))?"
    r"(?:([+-])([0-2]\d):?([0-5]\d)|Z)?",
    re.ASCII,
)
# Of the year, month, day, hour, minute and second that a timestamp leaves out.
_LEAST = (0, 1, 1, 0, 0, 0)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_number(value: Any) -> float | None:
    if isinstance(value, bool):
        return int(value)
    if value is None or is_number(value):
        unchanged: float | None = value
        return unchanged
    if _OTHER_BASE.fullmatch(value):
        return int(value, 0)
    if not _DECIMAL.fullmatch(value) or not math.isfinite(float(value)):
        raise evaluation_failure("D3030", value)
    return float(value)


def power(base: float | None, exponent: float | None) -> float | None:
    if base is None or exponent is None:
        return None
    try:
        result: complex = float(base) ** float(exponent)
    except (OverflowError, ZeroDivisionError):
        result = math.inf
    if isinstance(result, complex) or not math.isfinite(result):
        raise evaluation_failure("D3061", base, exponent)
    return float(result)


def to_millis(timestamp: str | None, picture: str | None) -> int | None:
    if timestamp is None:
        return None
    if picture is not None:
        parsed: int | None = Functions.datetime_to_millis(timestamp, picture)
        return parsed
    found = _ISO_8601.fullmatch(timestamp)
    if found is None:
        raise evaluation_failure("D3110", timestamp)
    year, month, day, hour, minute, second = (
        int(part or least)
        for part, least in zip(found.groups()[:6], (0, 1, 1, 0, 0, 0), strict=True)
    )
    fraction, sign, zone_hours, zone_minutes = found.groups()[6:]
    offset = timedelta(hours=int(zone_hours or 0), minutes=int(zone_minutes or 0))
    try:
        zone = timezone(-offset if sign == "-" else offset)
        moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        raise evaluation_failure("D3110", timestamp) from None
    return (moment - _EPOCH) // _MILLISECOND + int(f"{fraction or 0:<03}"[:3])


def sort(values: list[Any] | None, comparator: Any) -> Any:
    """The values in order; with a comparator, which says that its first belongs after its second,
    those that it does not tell apart stay in the order they came in."""
    if values is None or len(values) <= 1:
        return values
    if comparator is not None:
        belongs_after = functools.partial(_belongs_after, comparator)
        return sorted(values, key=functools.cmp_to_key(lambda a, b: -belongs_after(b, a)))
    if not all(map(is_number, values)) and not all(isinstance(value, str) for value in values):
        raise evaluation_failure("D3070")
    return sorted(values)


def _belongs_after(comparator: Any, first: Any, second: Any) -> int:
    return int(Functions.to_boolean(Functions.func_apply(comparator, [first, second])) is True)


def distinct(values: Any) -> Any:
    if not isinstance(values, list) or len(values) <= 1:
        return values
    found = Utils.create_sequence() if isinstance(values, Utils.JList) else []
    for value in values:
        if not any(Utils.is_deep_equal(value, other) for other in found):
            found.append(value)
    return found


SIGNATURES: dict[str, tuple[str, Callable[..., Any]]] = {
    "number": ("<(nsb)-:n>", to_number),
    "power": ("<n-n:n>", power),
    "toMillis": ("<s-s?:n>", to_millis),
    "sort": ("<af?:a>", sort),
    "distinct": ("<x:x>", distinct),
    "clone": ("<(oa)-:o>", copied),
}
