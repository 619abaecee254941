# SPDX-License-Identifier: MIT-0
"""Where two JSON documents differ, by name."""

from typing import Any


def differences(found: Any, expected: Any, path: str = "") -> list[str]:
    """A line for each field that is not what it should be. One that is not there is None."""
    if not (isinstance(found, dict) and isinstance(expected, dict)):
        return [] if found == expected else [f"{path} is {found!r}, and must be {expected!r}"]
    return [
        line
        for key in sorted({*found, *expected})
        for line in differences(found.get(key), expected.get(key), f"{path}/{key}")
    ]
