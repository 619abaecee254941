# SPDX-License-Identifier: MIT-0
"""A forked sandbox is what a spawned one is, and no fork server outlives its endpoint."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

import pytest

from local.environment import PROJECT
from local.functions.lambda_runtime.fork_server import READ
from local.functions.sandboxes.fork_server import MAX_SERVERS, forking
from local.functions.sandboxes.sandbox_process import Start, caching_command, spawning

from ....support.functions.sandboxes import answer, sandbox, version_in
from ....support.stacks.scenario import wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, no sandbox is forked")

PROCESS_IDS = "import os\ndef handler(event, context): return os.getpid(), os.getppid()\n"
STATE = """
import gc, locale, os, resource, signal, sys, threading, time

state = {
    "environment": dict(os.environ),
    "directory": os.getcwd(),
    "path": sys.path,
    "collector": (gc.isenabled(), gc.get_threshold()),
    "descriptors": sorted(os.listdir("/proc/self/fd")),
    "flags": str(sys.flags),
    "leads": os.getpgid(0) == os.getpid(),
    "limits": resource.getrlimit(resource.RLIMIT_NOFILE),
    "locale": locale.setlocale(locale.LC_ALL),
    "modules of this project": [name for name in sys.modules if "local" in name.split(".")],
    "signals": {number: str(signal.getsignal(number)) for number in signal.valid_signals()},
    "streams": [(stream.encoding, stream.errors) for stream in (sys.stdin, sys.stdout, sys.stderr)],
    "threads": [thread.name for thread in threading.enumerate()],
    "time zone": (time.tzname, time.timezone),
    "wakes": signal.set_wakeup_fd(-1),
}

def handler(event, context):
    return state
"""
OWN_MODULES = """
import calendar, jmespath, six

def handler(event, context):
    return [getattr(module, "OWN", False) for module in (calendar, jmespath, six)]
"""
DATA = """
from botocore.loaders import JSONFileLoader, Loader

def handler(event, context):
    read = JSONFileLoader._load_file
    JSONFileLoader._load_file = lambda *_: {}
    at_hand = [Loader().load_data(name) for name in event]
    JSONFileLoader._load_file = read
    from_files = [Loader().load_data(name) for name in event]
    equal = [ours == theirs for ours, theirs in zip(at_hand, from_files)]
    own = [ours is not theirs for ours, theirs in zip(at_hand, from_files)]
    return equal, own
"""
SET = "def handler(event, context): return list({str(number) for number in range(100)})\n"
ENDPOINT = """
import sys, pathlib
from local.functions.sandboxes.fork_server import forking
from tests.support.functions.sandboxes import answer, sandbox, version_in
with sandbox(version_in(pathlib.Path(sys.argv[1])), forking(0)) as started:
    print(answer(started), flush=True)
    sys.stdin.read()
"""


def answer_of(directory: Path, start: Start, variables: Mapping[str, str] | None = None) -> Any:
    with sandbox(version_in(directory), start, variables) as started:
        return answer(started)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def write(code: str) -> Path:
        (tmp_path / "index.py").write_text(code)
        return tmp_path

    return write


def is_alive(process_id: int) -> bool:
    """Whether a process runs. One that has ended may wait to be asked for its exit status."""
    try:
        status = Path(f"/proc/{process_id}/status").read_text()
    except FileNotFoundError:
        return False
    return "State:\tZ" not in status


def test_a_handler_finds_all_as_in_a_spawned_sandbox(write: Callable[[str], Path]) -> None:
    variables = {"COLOUR": "blue", "LANG": "en_US.UTF-8", "TZ": "Europe/Zurich"}
    code = write(STATE)
    spawned = answer_of(code, spawning(caching_command()), variables)
    forked = answer_of(code, forking(0), variables)
    del spawned["environment"]["AWS_LAMBDA_LOG_STREAM_NAME"]
    del forked["environment"]["AWS_LAMBDA_LOG_STREAM_NAME"]

    assert forked == spawned
    assert forked["time zone"][0] == ["CET", "CEST"]


def test_a_module_of_the_code_comes_before_one_that_the_server_has_imported(
    write: Callable[[str], Path],
) -> None:
    code = write(OWN_MODULES)
    (code / "six.py").write_text("OWN = True\n")
    (code / "jmespath").mkdir()
    (code / "jmespath" / "__init__.py").write_text("OWN = True\n")

    assert answer_of(code, forking(0)) == [False, True, True]


def test_the_data_of_botocore_that_is_at_hand_is_what_its_files_have_and_of_the_first_reader_alone(
    write: Callable[[str], Path],
) -> None:
    code = write(DATA)
    with (
        sandbox(version_in(code), forking(0)) as one,
        sandbox(version_in(code), forking(0)) as another,
    ):
        told = [started.invoke(json.dumps(READ), "arn").payload for started in (one, another)]

    each = [True] * len(READ)
    assert [json.loads(payload) for payload in told] == [[each, each]] * 2


def test_two_sandboxes_of_a_version_have_sets_in_another_order(
    write: Callable[[str], Path],
) -> None:
    code = write(SET)
    first, second = answer_of(code, forking(0)), answer_of(code, forking(1))

    assert sorted(first) == sorted(second)
    assert first != second


def test_sandboxes_share_a_server_unless_what_is_read_at_the_start_differs(
    write: Callable[[str], Path], tmp_path: Path
) -> None:
    code = write(PROCESS_IDS)
    (first, server), (second, same) = (answer_of(code, forking(0)) for _ in range(2))
    _, of_another_home = answer_of(code, forking(0), {"HOME": "/elsewhere"})
    with sandbox(version_in(code, layers=(tmp_path / "layer",)), forking(0)) as started:
        _, of_another_layer = answer(started)

    assert first != second
    assert server == same
    assert len({os.getpid(), server, of_another_home, of_another_layer}) == 4


def test_a_server_that_is_killed_is_replaced(write: Callable[[str], Path]) -> None:
    code = write(PROCESS_IDS)
    with sandbox(version_in(code), forking(0)) as started:
        process_id, server = answer(started)
        os.kill(server, signal.SIGKILL)
        wait_until(lambda: not started.is_alive, "the server's end")
        _, another = answer_of(code, forking(0))

    assert another != server
    wait_until(lambda: not is_alive(process_id), "the end of the sandbox without a server")


def test_the_end_of_a_sandbox_is_told_to_all_who_wait_for_it(write: Callable[[str], Path]) -> None:
    with (
        sandbox(version_in(write(PROCESS_IDS)), forking(0)) as started,
        ThreadPoolExecutor() as threads,
    ):
        process_id, _ = answer(started)
        waiting = [threads.submit(started.wait) for _ in range(4)]
        wait_until(lambda: all(each.running() for each in waiting), "all to wait")
        os.kill(process_id, signal.SIGTERM)

        assert [each.result() for each in waiting] == 4 * [-signal.SIGTERM]
        assert not started.is_alive


def test_a_server_that_ends_while_it_is_asked_costs_no_sandbox(
    write: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object) -> NoReturn:
        raise BrokenPipeError

    monkeypatch.setattr(socket, "send_fds", end)
    _, parent = answer_of(write(PROCESS_IDS), forking(0))

    assert parent == os.getpid()


def test_a_server_that_makes_room_ends_with_its_last_sandbox(
    write: Callable[[str], Path],
) -> None:
    code = write(PROCESS_IDS)
    with sandbox(version_in(code), forking(0), {"HOME": "/0"}) as started:
        process_id, server = answer(started)
        for number in range(1, MAX_SERVERS + 1):
            answer_of(code, forking(0), {"HOME": f"/{number}"})

        assert answer(started) == [process_id, server]
        assert is_alive(server)
    wait_until(lambda: not is_alive(server), "the server's end")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_server_outlives_the_process_that_has_started_it(
    write: Callable[[str], Path], number: signal.Signals
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ENDPOINT, write(PROCESS_IDS)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as endpoint:
        assert endpoint.stdout is not None
        process_id, server = json.loads(endpoint.stdout.readline())
        endpoint.send_signal(number)
    wait_until(lambda: not is_alive(process_id), "the sandbox's end")
    wait_until(lambda: not is_alive(server), "the server's end")


def test_on_another_system_a_sandbox_is_spawned(
    write: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    _, parent = answer_of(write(PROCESS_IDS), forking(0))

    assert parent == os.getpid()
