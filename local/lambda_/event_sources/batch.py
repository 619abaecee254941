# SPDX-License-Identifier: MIT-0
"""One batch of records: filtered, given to the function, and deleted as far as it succeeded."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from .mapping import EventSourceMapping
from .records import failed_ids, passes_filters

Record = dict[str, Any]


def process(
    mapping: EventSourceMapping,
    records: Sequence[Record],
    invoke: Callable[[str], str | None],
    delete: Callable[[Sequence[str]], None],
) -> list[str]:
    """Work on a batch, and return the receipt handles of the messages that have failed.

    Args:
        invoke: runs the function with an event: its response, or None if it failed
        delete: deletes messages by their receipt handles
    """
    wanted = [record for record in records if passes_filters(record, mapping.patterns)]
    kept = {record["messageId"] for record in wanted}
    # Messages that no filter lets through are deleted without the function.
    dropped = [record["receiptHandle"] for record in records if record["messageId"] not in kept]
    if dropped:
        delete(dropped)
    if not wanted:
        return []
    response = invoke(json.dumps({"Records": wanted}))
    failed = _failed(mapping, response, [record["messageId"] for record in wanted])
    done = [record["receiptHandle"] for record in wanted if record["messageId"] not in failed]
    if done:
        delete(done)
    return [record["receiptHandle"] for record in wanted if record["messageId"] in failed]


def _failed(
    mapping: EventSourceMapping, response: str | None, ids: Sequence[str]
) -> frozenset[str]:
    if response is None:
        return frozenset(ids)
    return failed_ids(response, ids) if mapping.reports_failures else frozenset()
