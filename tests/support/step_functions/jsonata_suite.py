# SPDX-License-Identifier: MIT-0
"""JSONata's public conformance suite, from the one package of PyPI that ships it whole.

https://github.com/jsonata-js/jsonata/tree/master/test/test-suite (MIT), in the source distribution
of jsonata2py, whose code is never run here. Kept in .local/: the first run needs a package index.
"""

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.environment import PROJECT

PACKAGE = "jsonata2py==0.1.3"
KEPT = PROJECT / ".local" / "jsonata-suite-0.1.3"
_IN_PACKAGE = "tests/resources/jsonata-test-suite"
_DEADLINE_SECONDS = 120
UNDEFINED = object()


class SuiteUnavailable(Exception):
    """The suite is not kept yet, and no package index gives it."""


@dataclass(frozen=True)
class Case:
    """One case of the suite.

    Args:
        name: its group, file and place in the file, such as `regex/case022[0]`
        expression: what is evaluated
        data: what it is evaluated on; UNDEFINED if on nothing
        bindings: the values of variables
        expected: ("value", a JSON value), ("undefined", None) or ("code", an error's code)
        max_depth: how many expressions may be inside each other; None for the suite's own limit
    """

    name: str
    expression: str
    data: Any
    bindings: dict[str, Any]
    expected: tuple[str, Any]
    max_depth: int | None


def read_suite() -> list[Case]:
    """All cases.

    Raises:
        SuiteUnavailable: they cannot be had
    """
    if not KEPT.is_dir():
        _fetch()
    datasets = {path.stem: _read(path) for path in (KEPT / "datasets").glob("*.json")}
    return [
        _case(path, index, entry, datasets)
        for path in sorted((KEPT / "groups").glob("*/*.json"))
        for index, entry in _entries(path)
    ]


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _entries(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    content = _read(path)
    yield from enumerate(content if isinstance(content, list) else [content])


def _case(path: Path, index: int, entry: dict[str, Any], datasets: dict[str, Any]) -> Case:
    expression = entry.get("expr")
    if expression is None:
        expression = (path.parent / entry["expr-file"]).read_text(encoding="utf-8")
    data = entry.get("data", UNDEFINED)
    if data is UNDEFINED and entry.get("dataset"):
        data = datasets[entry["dataset"]]
    return Case(
        f"{path.parent.name}/{path.stem}[{index}]",
        expression,
        data,
        entry.get("bindings") or {},
        _expected(entry),
        entry.get("depth"),
    )


def _expected(entry: dict[str, Any]) -> tuple[str, Any]:
    if "result" in entry:
        return "value", entry["result"]
    if entry.get("undefinedResult"):
        return "undefined", None
    return "code", entry.get("code") or entry["error"]["code"]


def _unchanged(member: tarfile.TarInfo, _: str) -> tarfile.TarInfo:
    return member


def _fetch() -> None:
    KEPT.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT.parent) as name:
        directory = Path(name)
        # Without build isolation: its backend is among the requirements, and nothing else is asked.
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--no-binary", ":all:", "--no-build-isolation", "--dest", name, PACKAGE]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_DEADLINE_SECONDS)
        archives = list(directory.glob("*.tar.gz"))
        if done.returncode != 0 or not archives:
            raise SuiteUnavailable(
                f"JSONata's conformance suite is not in {KEPT} and pip cannot download {PACKAGE}: "
                f"{done.stderr.strip()[-300:]}"
            )
        with tarfile.open(archives[0]) as archive:
            # Python 3.11 has the filter from 3.11.4 on.
            archive.extraction_filter = getattr(tarfile, "data_filter", _unchanged)
            archive.extractall(directory)
        [suite] = directory.glob(f"*/{_IN_PACKAGE}")
        unpacked = directory / "suite"
        shutil.move(suite, unpacked)
        try:
            unpacked.rename(KEPT)
        except OSError:
            # Another worker was faster.
            if not KEPT.is_dir():
                raise
