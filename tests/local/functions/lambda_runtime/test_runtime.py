# SPDX-License-Identifier: MIT-0
"""The runtime of sandboxes answers and logs as AWS's own runtime does, which runs on Linux."""

import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.functions.function import FunctionConfiguration, FunctionVersion
from local.functions.sandboxes.fork_server import forking
from local.functions.sandboxes.sandbox import Sandbox

from ....support.functions.runtime_api import Outcomes, environment, run_under_awslambdaric
from .handlers import CONTEXT, ERRORS, HELPER, LOGS, RESULT_NAMES, RESULTS

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="awslambdaric has wheels for Linux alone"
)

NEVER_LOADED: list[tuple[str, str, str]] = [
    ("a module that is not there", "index.handler", "import nowhere"),
    ("a name that is not there", "index.handler", "from helper import nothing"),
    ("a syntax error", "index.handler", "def handler(:\n  pass\n"),
    ("an exception", "index.handler", "import helper\nhelper.fail()\n"),
    ("no handler", "index.handler", "x = 1"),
    ("no module", "elsewhere.handler", ""),
    ("a name without a dot", "handler", ""),
    ("a module of Python's own", "sys.exit", ""),
    ("a package that is not there", "pack/age.handler", ""),
]
EXITS = {
    "raise SystemExit(3)": 3,
    "raise SystemExit": 0,
    "raise SystemExit('text')": 1,
    "import os; os._exit(7)": 7,
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)": -9,
    "raise KeyboardInterrupt": -2,
    r"return '\ud800'": 1,
}
RUNTIME = "python3.14"


def run_in_sandbox(
    code: Path, handler: str, events: Sequence[Any], *, json_logs: bool, runtime: str = RUNTIME
) -> Outcomes:
    outcomes = Outcomes()
    configuration = FunctionConfiguration(
        name="plain",
        handler=handler,
        runtime=runtime,
        code=code,
        layers=(),
        environment={},
        timeout_seconds=60,
        memory_mb=128,
        role_arn="",
        log_group="group",
        json_logs=json_logs,
        durable=None,
    )
    sandbox = Sandbox(
        FunctionVersion("1", configuration),
        environment(json_logs, runtime),
        lambda _version, _stream, line, _moment: outcomes.log.append(line),
        forking(0),
    )
    try:
        for event in events:
            answer = sandbox.invoke(json.dumps(event), "arn")
            outcomes.answers.append(answer.payload.replace(answer.request_id, "request"))
            outcomes.log = [line.replace(answer.request_id, "request") for line in outcomes.log]
            if not sandbox.is_alive:
                break
    finally:
        sandbox.end()
    outcomes.log = [
        line.replace(sandbox.log_stream, "stream").replace(answer.request_id, "request")
        for line in outcomes.log
    ]
    outcomes.answers = [each.replace(sandbox.log_stream, "stream") for each in outcomes.answers]
    return outcomes


def normalized(outcomes: Outcomes, code: Path) -> Outcomes:
    """Without what differs between two runs: times, and where files are on this machine."""
    standard_library = str(Path(os.__file__).parent)
    version = f"/var/lang/lib/python{sys.version_info.major}.{sys.version_info.minor}"

    def normalize(text: str) -> str:
        text = text.replace(str(code), "/var/task").replace(standard_library, version)
        return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", "TIME", text)

    return replace(
        outcomes,
        answers=list(map(normalize, outcomes.answers)),
        log=list(map(normalize, outcomes.log)),
    )


def both(
    code: Path,
    events: Sequence[Any],
    *,
    handler: str = "index.handler",
    json_logs: bool = False,
    runtime: str = RUNTIME,
) -> tuple[Outcomes, Outcomes]:
    """How a handler ends here, and how under AWS's own runtime."""
    ours = run_in_sandbox(code, handler, events, json_logs=json_logs, runtime=runtime)
    theirs = run_under_awslambdaric(code, handler, events, environment(json_logs, runtime))
    return normalized(ours, code), normalized(theirs, code)


@pytest.fixture
def code(tmp_path: Path) -> Path:
    (tmp_path / "helper.py").write_text(HELPER)
    return tmp_path


@pytest.mark.parametrize("runtime", [RUNTIME, "python3.11"])
def test_every_kind_of_result_is_answered_alike(code: Path, runtime: str) -> None:
    (code / "index.py").write_text(RESULTS)
    ours, theirs = both(code, RESULT_NAMES, runtime=runtime)

    assert len(RESULT_NAMES) == 23
    assert dict(zip(RESULT_NAMES, ours.answers, strict=True)) == dict(
        zip(RESULT_NAMES, theirs.answers, strict=True)
    )
    assert ours.log == theirs.log


@pytest.mark.parametrize("json_logs", [False, True])
def test_every_kind_of_error_is_answered_and_logged_alike(code: Path, json_logs: bool) -> None:
    (code / "index.py").write_text(ERRORS)
    events = ["deep", "chained", "nothing", "library", "no_text", "unknown"]
    ours, theirs = both(code, events, json_logs=json_logs)

    assert ours == theirs
    assert json.loads(ours.answers[0]) == {
        "errorMessage": "'k'",
        "errorType": "KeyError",
        "requestId": "request",
        "stackTrace": [
            '  File "/var/task/index.py", line 23, in handler\n    globals()[event]()\n',
            '  File "/var/task/index.py", line 7, in deep\n    helper.fail()\n',
            '  File "/var/task/helper.py", line 3, in fail\n    raise KeyError("k")\n',
        ],
    }


@pytest.mark.parametrize("json_logs", [False, True])
def test_everything_that_is_logged_is_logged_alike(code: Path, json_logs: bool) -> None:
    (code / "index.py").write_text(LOGS)
    ours, theirs = both(code, ["first", "second"], json_logs=json_logs)

    assert ours == theirs
    assert len(ours.log) == 2 * (12 if json_logs else 11)


def test_the_context_holds_the_same(code: Path) -> None:
    (code / "index.py").write_text(CONTEXT)
    ours, theirs = both(code, [{}])

    assert ours == theirs


@pytest.mark.parametrize("json_logs", [False, True])
@pytest.mark.parametrize(
    ("handler", "source"),
    [pytest.param(*case, id=name) for name, *case in NEVER_LOADED],
)
def test_a_handler_that_cannot_be_loaded_ends_alike(
    code: Path, handler: str, source: str, json_logs: bool
) -> None:
    (code / "index.py").write_text(source)
    ours, theirs = both(code, [{}], handler=handler, json_logs=json_logs)

    assert (ours.answers, ours.log) == (theirs.answers, theirs.log)
    assert theirs.status == 1


@pytest.mark.parametrize(("statement", "status"), EXITS.items())
def test_a_process_that_ends_ends_with_the_same_status(
    code: Path, statement: str, status: int
) -> None:
    (code / "index.py").write_text(f"def handler(event, context):\n    {statement}\n")
    ours, theirs = both(code, [{}])

    words = {0: "without providing a reason", -9: "signal: killed", -2: "signal: interrupt"}
    assert theirs.status == status
    assert json.loads(ours.answers[0])["errorType"] == "Runtime.ExitError"
    assert json.loads(ours.answers[0])["errorMessage"].endswith(
        words.get(status, f"exit status {status}")
    )


OUTPUTS = {
    "no line break at the end": ("print('abc', end='')", ["abc"]),
    "standard error is redirected": (
        "with contextlib.redirect_stderr(io.StringIO()): logging.warning('abc')",
        ["[WARNING]"],
    ),
    "standard error is closed": ("sys.stderr.close(); logging.warning('abc')", ["[WARNING]"]),
    "standard error is replaced": ("sys.stderr = None; logging.warning('abc')", ["[WARNING]"]),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_the_log_is_whole_after_any_use_of_the_streams(tmp_path: Path, name: str) -> None:
    statement, beginnings = OUTPUTS[name]
    (tmp_path / "index.py").write_text(
        "import contextlib, io, logging, sys\n"
        f"def handler(event, context):\n    {statement}\n    return 'done'\n"
    )
    outcomes = run_in_sandbox(tmp_path, "index.handler", [{}, {}], json_logs=False)

    assert outcomes.answers == ['"done"', '"done"']
    assert [line.split("\t")[0] for line in outcomes.log] == 2 * beginnings


def test_a_long_line_is_whole_although_signals_interrupt_its_writing(tmp_path: Path) -> None:
    (tmp_path / "index.py").write_text(
        """
import signal

def handler(event, context):
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    for _ in range(10):
        print("x" * 200_000)
    signal.setitimer(signal.ITIMER_REAL, 0)
"""
    )
    outcomes = run_in_sandbox(tmp_path, "index.handler", [{}], json_logs=False)

    assert [len(line) for line in outcomes.log] == 10 * [200_000]
