# SPDX-License-Identifier: MIT-0
"""Values between a Task state's JSON and boto3, by the service's model."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.response import StreamingBody

from .names import optimized_name, sdk_name


class NoText(Exception):
    """A field of an answer holds bytes that are no text, which no JSON can hold."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The field '{name}' of the answer holds bytes that are no UTF-8 text")


@dataclass(frozen=True)
class Conventions:
    """How a kind of integration writes names, bytes and times.

    Args:
        name: the field's name for a member of the API's model
        to_bytes: the bytes that are sent for a value, raises ValueError
        from_bytes: the text that is returned for bytes, raises ValueError
        from_time: the value that is returned for a time
    """

    name: Callable[[str], str]
    to_bytes: Callable[[Any], bytes]
    from_bytes: Callable[[bytes], str]
    from_time: Callable[[datetime], Any]

    def request(self, shape: Any, value: Any) -> Any:
        """What boto3 takes for a value. Fields without a value and unknown fields: see below.

        A null is no value; a field that the model does not have stays, for the validation.
        """
        kind = shape.type_name
        if kind == "structure" and isinstance(value, Mapping):
            members = {self.name(member): member for member in shape.members}
            named = {members.get(name, name): item for name, item in value.items()}
            return {
                name: self.request(shape.members[name], item) if name in shape.members else item
                for name, item in named.items()
                if item is not None
            }
        if kind == "list" and isinstance(value, list):
            return [self.request(shape.member, item) for item in value]
        if kind == "map" and isinstance(value, Mapping):
            return {key: self.request(shape.value, item) for key, item in value.items()}
        if kind == "string" and not isinstance(value, str):
            return _compact(value)
        if kind == "blob":
            return self.to_bytes(value)
        if isinstance(value, float) and kind in ("integer", "long") and value.is_integer():
            return int(value)
        return value

    def result(self, shape: Any, value: Any, name: str = "") -> Any:
        """What a Task state returns for a value of boto3.

        Raises:
            NoText: it holds bytes that are no text
        """
        kind = shape.type_name
        if kind == "structure":
            return {
                self.name(member): self.result(shape.members[member], item, member)
                for member, item in value.items()
                if member in shape.members
            }
        if kind == "list":
            return [self.result(shape.member, item, name) for item in value]
        if kind == "map":
            return {key: self.result(shape.value, item, name) for key, item in value.items()}
        if isinstance(value, StreamingBody):
            value = value.read()
        if isinstance(value, bytes | bytearray):
            try:
                return self.from_bytes(bytes(value))
            except ValueError:
                raise NoText(self.name(name)) from None
        return self.from_time(value) if isinstance(value, datetime) else value


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _base64_bytes(value: Any) -> bytes:
    return base64.b64decode(value if isinstance(value, str) else _compact(value), validate=True)


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _instant(moment: datetime) -> str:
    """As Java writes an instant: without a fraction if it has none, else with milliseconds."""
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")


OPTIMIZED = Conventions(
    optimized_name, _base64_bytes, lambda value: base64.b64encode(value).decode(), _milliseconds
)
# Bytes are sent as JSON, a text in quotes, and returned as text: recorded for S3 and Lambda.
SDK = Conventions(
    sdk_name, lambda value: _compact(value).encode(), lambda value: value.decode(), _instant
)
