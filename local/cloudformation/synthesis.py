# SPDX-License-Identifier: MIT-0
"""Synthesizes the app, as the command line of the CDK does."""

import fcntl
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import dropwhile
from pathlib import Path

from ..environment import PROJECT
from ..errors import UsageError

SYNTH_DEADLINE_SECONDS = 900
END_DEADLINE_SECONDS = 10
GRACE_SECONDS = 5
_FRAME = re.compile(r'\s+File ".+", line \d+')


def search_path() -> str:
    """PATH for a process that imports aws_cdk: jsii starts `node`, which is beside this Python."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def synthesize(outdir: Path) -> Path:
    """Run the app, and return the directory of the cloud assembly that it writes.

    Raises:
        UsageError: the app failed, or ran longer than SYNTH_DEADLINE_SECONDS
    """
    environment = {**os.environ, "CDK_OUTDIR": str(outdir), "PATH": search_path()}
    try:
        with _alone_in(outdir), _removing_temporary_files(environment):
            finished = _run_app(environment)
    except subprocess.TimeoutExpired:
        raise UsageError(f"app.py did not finish within {SYNTH_DEADLINE_SECONDS} s") from None
    if finished.returncode != 0:
        raise UsageError(f"app.py could not be synthesized: {_reason(finished.stderr)}")
    return outdir


def _run_app(environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(PROJECT / "app.py")]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            output, errors = process.communicate(timeout=SYNTH_DEADLINE_SECONDS)
        except KeyboardInterrupt:
            # A terminal's Ctrl-C reaches the app too: a second one would cut its clean-up short.
            with suppress(subprocess.TimeoutExpired):
                process.wait(GRACE_SECONDS)
            _interrupt(process)
            raise
        except BaseException:
            _interrupt(process)
            raise
    return subprocess.CompletedProcess(command, process.returncode, output, errors)


def _interrupt(process: "subprocess.Popen[str]") -> None:
    """End the app as Ctrl-C does: if it were killed, its pip and node would outlive it."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(END_DEADLINE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def _alone_in(outdir: Path) -> Iterator[None]:
    """Let other runs wait with their synthesis: the CDK fails where two bundle the same layer."""
    outdir.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(outdir, os.O_RDONLY)
    try:
        # The process that holds the lock releases it at its deadline, or when it ends.
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _removing_temporary_files(environment: dict[str, str]) -> Iterator[None]:
    """Give a process a place for temporary files that is removed however it ends.

    jsii unpacks the CDK's library into it, and leaves that there when a signal ends it.
    """
    with tempfile.TemporaryDirectory(prefix="synthesis-", ignore_cleanup_errors=True) as directory:
        environment["TMPDIR"] = directory
        yield


def _reason(stderr: str) -> str:
    """The error that ends a traceback, and the file and line of the project that it is from."""
    # The first line of a syntax error begins with spaces, like those below a traceback.
    lines = stderr.rstrip().splitlines() or ["no message"]
    frames = [number for number, line in enumerate(lines) if _FRAME.match(line)]
    rest = lines[frames[-1] + 1 :] if frames else lines[-1:]
    # Below a frame come its code and marks, indented; a message may have several lines.
    message = " ".join(" ".join(dropwhile(_is_indented, rest)).split()) or lines[-1].strip()
    own = [lines[number].strip() for number in frames if _is_place_in_project(lines[number])]
    place = f" ({own[-1].rsplit(', in ', 1)[0]})" if own else ""
    return message + place.replace(f"{PROJECT}{os.sep}", "")


def _is_indented(line: str) -> bool:
    return line[:1].isspace() or not line


def _is_place_in_project(line: str) -> bool:
    return line.strip().startswith(f'File "{PROJECT}') and f"{os.sep}.venv{os.sep}" not in line
