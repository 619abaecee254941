# SPDX-License-Identifier: MIT-0
"""The layer's bytecode and how pip's trouble is told."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest


def test_bytecode_stays_valid_when_the_source_loses_its_time(
    dependency_layer: ModuleType, tmp_path: Path
) -> None:
    module = tmp_path / "module.py"
    module.write_text("VALUE = 1")
    dependency_layer.compile_bytecode(tmp_path)
    bytecode = Path(importlib.util.cache_from_source(str(module)))
    # Bits 0 and 1 of the flags: checked by hash, and unchecked. https://peps.python.org/pep-0552/
    assert int.from_bytes(bytecode.read_bytes()[4:8], "little") == 0b01


def test_only_the_runtimes_own_minor_version_compiles(
    dependency_layer: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dependency_layer.PYTHON_VERSION == "3.14"
    monkeypatch.setattr(sys, "version_info", (3, 14, 0))
    assert dependency_layer.compiles_for_runtime()
    monkeypatch.setattr(sys, "version_info", (3, 13, 9))
    assert not dependency_layer.compiles_for_runtime()


def test_a_pip_that_fails_is_named_and_leaves_it_to_docker(
    dependency_layer: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(arguments: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(arguments, 1, None, "…\nERROR: no such version")

    monkeypatch.setattr(subprocess, "run", fail)

    assert dependency_layer.PipBundling().try_bundle(str(tmp_path)) is False
    assert capsys.readouterr().err == (
        "layer: pip could not install requirements.txt: ERROR: no such version\n"
    )


@pytest.mark.parametrize("compiles", [True, False])
def test_the_layer_has_bytecode_when_this_python_makes_the_runtimes(
    dependency_layer: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    compiles: bool,
) -> None:
    def install(arguments: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        target = Path(arguments[arguments.index("--target") + 1])
        target.mkdir()
        (target / "module.py").write_text("VALUE = 1")
        return subprocess.CompletedProcess(arguments, 0, None, "")

    monkeypatch.setattr(subprocess, "run", install)
    monkeypatch.setattr(dependency_layer, "compiles_for_runtime", lambda: compiles)

    assert dependency_layer.PipBundling().try_bundle(str(tmp_path)) is True
    assert bool(list(tmp_path.glob("python/__pycache__/*.pyc"))) is compiles
