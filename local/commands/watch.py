# SPDX-License-Identifier: MIT-0
"""Watches the files of the app, or another assembly, and deploys what changes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from watchfiles import DefaultFilter, watch

from ..cloudformation.assembly import MANIFEST
from ..environment import PROJECT
from ..errors import LocalError

# What of this project is deployed. Another assembly has its manifest written last.
SOURCES = ("app.py", "cdk.json", "cdk_stepfunction_durable_lambda_function", "lambda")
# Changes within this time are one: an editor writes a file in several steps.
DEBOUNCE_MILLISECONDS = 200
STEP_MILLISECONDS = 50
END_DEADLINE_SECONDS = 10


@contextmanager
def watching(assembly: Path | None, deploy: Callable[[], str]) -> Iterator[None]:
    """Deploy after every change of the app's files, for as long as the context lasts.

    A failure is printed as one line, and the last good deployment goes on.

    Args:
        assembly: the directory of another app's cloud assembly; None for this project
        deploy: synthesizes and deploys, and returns what to print
    """
    stop = threading.Event()

    def follow() -> None:
        for changes in watch(
            *_watched(assembly),
            watch_filter=_filter(assembly),
            stop_event=stop,
            debounce=DEBOUNCE_MILLISECONDS,
            step=STEP_MILLISECONDS,
            raise_interrupt=False,
        ):
            names = sorted({Path(path).name for _, path in changes})
            print(f"changed: {', '.join(names)}", flush=True)
            try:
                print(deploy(), flush=True)
            except LocalError as error:
                print(f"not deployed: {error}", flush=True)

    thread = threading.Thread(target=follow, name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(END_DEADLINE_SECONDS)


def _watched(assembly: Path | None) -> list[Path]:
    return [PROJECT / name for name in SOURCES] if assembly is None else [assembly]


def _filter(assembly: Path | None) -> Callable[..., bool]:
    if assembly is None:
        return DefaultFilter()
    return lambda _change, path: Path(path).name == MANIFEST
