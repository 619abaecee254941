# SPDX-License-Identifier: MIT-0
"""Which lines of a log are those of an execution's invocations."""

import json

from inspect_execution.histories.durable_history import (
    DurableExecutionHistory,
    read_durable_history,
)
from inspect_execution.histories.invocation_logs import lines_of_invocations
from inspect_execution.histories.recording import LogRecord

from ..events import DURABLE, at, durable_event, durable_record

OURS, ANOTHERS = (f"{digit * 8}-1111-1111-1111-111111111111" for digit in "1a")
STREAM = "2026/01/01/[1]0f"


def execution() -> DurableExecutionHistory:
    """A durable execution whose only invocation ran from second 10 to second 20."""
    completed = durable_event(
        20, "InvocationCompleted", StartTimestamp=at(10), EndTimestamp=at(20), RequestId=OURS
    )
    read = read_durable_history(durable_record(completed, StartTimestamp=at(10)))
    assert read is not None
    return read


def kept(*lines: tuple[float, str], stream: str = STREAM) -> list[str]:
    """Those of these lines of one stream that are kept."""
    records = [
        LogRecord("group", "work", str(number), at(seconds), message, stream)
        for number, (seconds, message) in enumerate(lines)
    ]
    return [record.message for record in lines_of_invocations(records, [execution()])]


def text(request: str) -> str:
    return f"[INFO]\t2026-01-01T00:00:00.000Z\t{request}\tlogged\n"


def test_a_line_with_the_request_id_of_an_invocation_is_kept() -> None:
    structured = json.dumps({"level": "INFO", "message": "logged", "requestId": OURS})
    platform = json.dumps({"type": "platform.start", "record": {"requestId": OURS}})
    start = f"START RequestId: {OURS} Version: 1"
    own = [text(OURS), structured, platform, start]
    others = [line.replace(OURS, ANOTHERS) for line in own]

    assert kept(*((12, line) for line in [*own, *others])) == own


def test_a_line_of_the_durable_sdk_is_kept_by_the_execution_that_it_names() -> None:
    own = json.dumps({"message": "logged", "executionArn": DURABLE, "requestId": ANOTHERS})
    other = json.dumps({"message": "logged", "executionArn": f"{DURABLE}2", "requestId": OURS})

    assert kept((12, own), (12, other)) == [own]


def test_a_printed_line_belongs_to_the_lines_around_it() -> None:
    lines = [
        (5, text(ANOTHERS)),
        (6, "printed by another"),
        (11, text(OURS)),
        (12, "printed"),
        (13, text(OURS)),
        (25, "printed later"),
    ]

    assert kept(*lines) == [text(OURS), "printed", text(OURS)]


def test_a_printed_line_of_a_stream_of_others_is_none() -> None:
    assert kept((11, text(ANOTHERS)), (12, "printed"), (13, text(ANOTHERS))) == []


def test_a_stream_of_printed_lines_alone_belongs_by_version_and_time() -> None:
    lines = [(9, "early"), (10, "printed"), (20, '{"an": "object"}'), (21, "late")]

    assert kept(*lines) == ["printed", '{"an": "object"}']
    assert kept(*lines, stream="2026/01/01/[2]0f") == []
