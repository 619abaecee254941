# SPDX-License-Identifier: MIT-0
"""The files of durable executions: what boto3 returns about each, without its task token."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from ..errors import InspectError
from ..histories.durable_history import function_and_version
from ..histories.recording import DurableRecord
from ..text import printable


def write_histories(records: Iterable[DurableRecord], directory: Path) -> None:
    """Write a file for each durable execution.

    Raises:
        InspectError: a file cannot be written, or a history could not be read
    """
    try:
        directory.mkdir(exist_ok=True)
        for record in records:
            (directory / _name(record)).write_text(history_document(record), encoding="utf-8")
    except OSError as error:
        where = printable(str(directory))
        raise InspectError(f"--record {where} cannot be written to: {error.strerror}") from None


def _name(record: DurableRecord) -> str:
    """The name of a record's file: that of the function and that of the durable execution."""
    name = f"{function_and_version(record.arn)[0]}-{record.arn.split('/')[-2]}"
    return f"{printable(name).replace('/', '-')}.json"


def history_document(record: DurableRecord) -> str:
    """A record as JSON text; times are in ISO 8601.

    Raises:
        InspectError: its history could not be read
    """
    if not record.events:
        raise InspectError(f"{record.arn} cannot be recorded: its history could not be read")
    function, version = function_and_version(record.arn)
    execution = {key: item for key, item in record.details.items() if key != "ResponseMetadata"}
    document = {
        "FunctionName": function,
        "Version": version,
        "Execution": execution,
        "Events": record.events,
    }
    return json.dumps(document, indent=1, ensure_ascii=False, default=_iso) + "\n"


def _iso(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"no JSON: {type(value).__name__}")
