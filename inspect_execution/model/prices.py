# SPDX-License-Identifier: MIT-0
"""Prices of AWS, with their source and their date, and how other prices are read from JSON."""

import json
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from ..errors import InvalidArgument
from ..text import printable

_WORDS = ("region", "date", "source")


@dataclass(frozen=True)
class Prices:
    """Prices in US dollars for one unit of each field's name."""

    region: str = "us-east-1"
    date: str = "2026-11"
    source: str = (
        "https://aws.amazon.com/step-functions/pricing/ https://aws.amazon.com/lambda/pricing/"
    )
    transition: Decimal = Decimal("0.000025")
    durable_operation: Decimal = Decimal("0.000008")
    gigabyte_written: Decimal = Decimal("0.25")
    gigabyte_month_kept: Decimal = Decimal("0.15")
    request: Decimal = Decimal("0.0000002")
    gigabyte_second_arm64: Decimal = Decimal("0.0000133334")
    gigabyte_second_x86_64: Decimal = Decimal("0.0000166667")

    def gigabyte_second(self, architecture: str) -> Decimal | None:
        """The price for an architecture; None if the architecture is not known."""
        by_architecture = {
            "arm64": self.gigabyte_second_arm64,
            "x86_64": self.gigabyte_second_x86_64,
        }
        return by_architecture.get(architecture)


def parse_prices(text: str, name: str) -> Prices:
    """Parse a JSON object of prices: those that it lacks are the built-in ones.

    Args:
        name: the file's name in an error

    Raises:
        InvalidArgument: the text is not a JSON object, or has an unknown key or an invalid price
    """
    try:
        given = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError) as error:
        raise InvalidArgument(f"--prices {name} must be JSON: {printable(str(error))}") from None
    if not isinstance(given, dict):
        raise InvalidArgument(f"--prices {name} must be a JSON object, got {printable(text)}")
    known = [field.name for field in fields(Prices)]
    for key in given:
        if key not in known:
            raise InvalidArgument(
                f"--prices {name}: {printable(key)} is not one of {', '.join(known)}"
            )
    return replace(Prices(), **{key: _value(name, key, value) for key, value in given.items()})


def _value(name: str, key: str, value: Any) -> Any:
    if key in _WORDS:
        return printable(str(value))
    try:
        price = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        price = Decimal("NaN")
    if isinstance(value, bool) or not price.is_finite() or price < 0:
        raise InvalidArgument(
            f"--prices {name}: {key} must be a number of US dollars, 0 or more, "
            f"got {printable(str(value))}"
        )
    return price
