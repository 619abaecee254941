# SPDX-License-Identifier: MIT-0
"""Which line of a sandbox's output ends the log of an invocation."""

from pathlib import Path
from threading import Event
from typing import Any

import pytest

from local.functions.lambda_runtime.logs import END_OF_INVOCATION
from local.functions.sandboxes.fork_server import forking
from local.functions.sandboxes.sandbox import Sandbox
from local.functions.sandboxes.sandbox_process import SandboxProcess

from ....support.functions.sandboxes import version_in

CODE = f"""
def handler(event, context):
    print({END_OF_INVOCATION + "of another"!r})
    print("first")
    print("last")
"""


def test_the_end_of_another_invocation_is_none_of_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, is_answered = SandboxProcess.ask, Event()

    def noted(process: SandboxProcess, message: dict[str, Any], seconds: float) -> Any:
        answer = ask(process, message, seconds)
        is_answered.set()
        return answer

    def write_late(*_: object) -> None:
        # The rest of the output is read after the answer.
        is_answered.wait(10)

    monkeypatch.setattr(SandboxProcess, "ask", noted)
    (tmp_path / "index.py").write_text(CODE)
    sandbox = Sandbox(version_in(tmp_path), {}, write_late, forking(0))
    try:
        assert sandbox.invoke("1", "arn").log == ("first", "last")
    finally:
        sandbox.end()
