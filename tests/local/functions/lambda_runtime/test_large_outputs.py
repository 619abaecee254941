# SPDX-License-Identifier: MIT-0
"""What a handler prints, logs and returns without measure takes little of the endpoint's memory."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.functions.lambda_runtime.logs import MAX_EVENT_CHARACTERS
from local.functions.platform_error import MAX_RESPONSE_BYTES
from local.functions.sandboxes.fork_server import forking
from local.functions.sandboxes.log_tail import LOG_TAIL_BYTES
from local.functions.sandboxes.sandbox import InvocationResult, Sandbox
from local.functions.sandboxes.sandbox_process import SandboxProcess

from ....support.functions.sandboxes import version_in

STATEMENTS = {
    "many lines": "for number in range(10_000): print(number)",
    "one long line": "print(2_500_000 * 'x', end='')",
    "a long event": "context.log(600_000 * '\\x01')",
    "an event after a long line": "print(600_000 * 'x', end=''); context.log('logged')",
    "as long as may be": f"print({MAX_EVENT_CHARACTERS} * 'x'); print('next')",
    "carriage returns": "print('50%\\r100%')",
    "a large result": f"return {MAX_RESPONSE_BYTES} * 'x'",
    "a large error": f"raise ValueError({MAX_RESPONSE_BYTES} * 'x')",
}
CODE = "def handler(event, context):\n" + "".join(
    f"    if event == {name!r}:\n        {statement}\n" for name, statement in STATEMENTS.items()
)
Written = tuple[Sandbox, list[str]]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Written]:
    """A sandbox, and the events that it writes."""
    (tmp_path / "index.py").write_text(CODE)
    events: list[str] = []
    version = version_in(tmp_path)
    sandbox = Sandbox(version, {}, lambda *written: events.append(written[2]), forking(0))
    yield sandbox, events
    sandbox.end()


def invoke(started: Written, event: str) -> InvocationResult:
    return started[0].invoke(json.dumps(event), "arn")


def test_no_more_is_kept_of_a_log_than_its_tail(started: Written) -> None:
    result = invoke(started, "many lines")
    kept = "\n".join(result.log)

    assert started[1] == [str(number) for number in range(10_000)]
    assert result.log == tuple(started[1][-len(result.log) :])
    assert LOG_TAIL_BYTES <= len(kept) + 1 <= LOG_TAIL_BYTES + len("9999\n")


@pytest.mark.parametrize(
    ("name", "lengths"),
    [
        ("one long line", [*(9 * [MAX_EVENT_CHARACTERS]), 2_500_000 - 9 * MAX_EVENT_CHARACTERS]),
        ("a long event", [*(2 * [MAX_EVENT_CHARACTERS]), 600_000 - 2 * MAX_EVENT_CHARACTERS]),
        (
            "an event after a long line",
            [
                *(2 * [MAX_EVENT_CHARACTERS]),
                600_000 - 2 * MAX_EVENT_CHARACTERS,
                len("logged"),
            ],
        ),
        ("as long as may be", [MAX_EVENT_CHARACTERS, len("next")]),
    ],
)
def test_a_long_line_is_several_events(started: Written, name: str, lengths: list[int]) -> None:
    assert invoke(started, name).payload == "null"
    assert [len(event) for event in started[1]] == lengths


def test_a_carriage_return_ends_no_event(started: Written) -> None:
    assert invoke(started, "carriage returns").log == ("50%\r100%",)


@pytest.mark.parametrize("name", ["a large result", "a large error"])
def test_an_answer_that_is_too_large_stays_in_the_sandbox(
    started: Written, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, answers = SandboxProcess.ask, []

    def noted(process: SandboxProcess, message: dict[str, Any], seconds: float) -> Any:
        answers.append(ask(process, message, seconds))
        return answers[-1]

    monkeypatch.setattr(SandboxProcess, "ask", noted)
    result = invoke(started, name)

    assert result.is_error
    assert json.loads(result.payload)["errorType"] == "Function.ResponseSizeTooLarge"
    assert len(json.dumps(answers)) < 200
