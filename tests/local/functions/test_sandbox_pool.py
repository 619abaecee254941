# SPDX-License-Identifier: MIT-0
"""The pool of sandboxes: which are taken again, and which make room for others."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.functions.function import FunctionConfiguration, FunctionVersion
from local.functions.sandboxes import sandbox_pool
from local.functions.sandboxes.sandbox_pool import SandboxPool

CODE = "import os\ndef handler(event, context): return os.getpid()\n"


@pytest.fixture
def pool() -> Iterator[SandboxPool]:
    pool = SandboxPool(environment=lambda _: {}, log=lambda *_: None)
    yield pool
    pool.close()


def version(directory: Path, number: int) -> FunctionVersion:
    (directory / "index.py").write_text(CODE)
    configuration = FunctionConfiguration(
        name="plain",
        handler="index.handler",
        runtime="python3.14",
        code=directory,
        layers=(),
        environment={},
        timeout_seconds=5,
        memory_mb=128,
        role_arn="",
        log_group="",
        json_logs=False,
        durable=None,
    )
    return FunctionVersion(str(number), configuration)


def test_the_sandbox_that_is_idle_for_longest_makes_room_for_another_version(
    pool: SandboxPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox_pool, "MAX_SANDBOXES", 2)
    versions = [version(tmp_path, number) for number in range(3)]

    def process_id(number: int) -> str:
        return pool.invoke(versions[number], "{}", versions[number].arn).payload

    first, second, again = process_id(0), process_id(1), process_id(0)
    process_id(2)

    assert again == first
    assert pool.count == 2
    assert process_id(0) == first
    assert process_id(1) != second
