# SPDX-License-Identifier: MIT-0
"""Sandboxes of functions that are files in a directory."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.functions.function import FunctionConfiguration, FunctionVersion
from local.functions.sandboxes.sandbox import Sandbox
from local.functions.sandboxes.sandbox_process import Start


def version_in(
    directory: Path,
    number: int = 1,
    *,
    layers: tuple[Path, ...] = (),
    timeout_seconds: int = 30,
) -> FunctionVersion:
    """A version of a function, whose handler is `handler` of index.py."""
    configuration = FunctionConfiguration(
        name="plain",
        handler="index.handler",
        runtime="python3.14",
        code=directory,
        layers=layers,
        environment={},
        timeout_seconds=timeout_seconds,
        memory_mb=128,
        role_arn="",
        log_group="",
        json_logs=False,
        durable=None,
    )
    return FunctionVersion(str(number), configuration)


@contextmanager
def sandbox(
    version: FunctionVersion, start: Start, variables: Mapping[str, str] | None = None
) -> Iterator[Sandbox]:
    """A sandbox, for as long as the context lasts."""
    started = Sandbox(version, variables or {}, lambda *_: None, start)
    try:
        yield started
    finally:
        started.end()


def answer(started: Sandbox, event: Any = None) -> Any:
    """The result of a handler that succeeds."""
    result = started.invoke(json.dumps(event), "arn")
    assert not result.is_error, result.payload
    return json.loads(result.payload)
