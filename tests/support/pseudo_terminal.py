# SPDX-License-Identifier: MIT-0
"""A program in a terminal: what it shows, and what is typed."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DEADLINE_SECONDS = 60


@dataclass
class PseudoTerminal:
    """A terminal and the program in it."""

    process: subprocess.Popen[bytes]
    file: int
    shown: bytes = b""

    def type(self, keys: bytes) -> None:
        os.write(self.file, keys)

    def read_until(self, text: str) -> None:
        """Read what the program shows until a text comes."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while text.encode() not in self.shown:
            assert time.monotonic() < deadline, self.shown.decode()
            assert self._read(), self.shown.decode()

    def read_to_the_end(self) -> str:
        """Everything that the program shows, until it ends."""
        while self._read():
            pass
        self.process.wait(DEADLINE_SECONDS)
        return self.shown.decode()

    def _read(self) -> bytes:
        ready, _, _ = select.select([self.file], [], [], DEADLINE_SECONDS)
        try:
            more = os.read(self.file, 65_536) if ready else b""
        except OSError:
            # Linux's answer once the program has closed its side.
            more = b""
        self.shown += more
        return more


@contextmanager
def in_terminal(
    command: list[str], directory: Path, env: dict[str, str], lines: int, columns: int
) -> Iterator[PseudoTerminal]:
    """Run a program in a terminal of that size."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    process = subprocess.Popen(
        command,
        cwd=directory,
        env={**env, "TERM": "xterm-256color"},
        stdin=its,
        stdout=its,
        stderr=its,
        start_new_session=True,
        # Ctrl-C is a signal to the programs of a session's own terminal alone.
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(its)
    try:
        yield PseudoTerminal(process, ours)
    finally:
        process.kill()
        process.wait(DEADLINE_SECONDS)
        os.close(ours)
