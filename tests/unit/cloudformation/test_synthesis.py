# SPDX-License-Identifier: MIT-0
"""An app that cannot be synthesized is reported by its error, its file and its line."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pytest

from local.cloudformation import synthesis
from local.errors import UsageError

STACK = """
def make():
    {line}
"""


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("undefined_name", "NameError: name 'undefined_name' is not defined"),
        ("raise ValueError('one\\n  two\\nthree')", "ValueError: one two three"),
        ("raise ValueError from KeyError('first')", "ValueError"),
        ("if", "SyntaxError: invalid syntax"),
    ],
)
def test_an_error_of_the_stack_names_its_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, reason: str
) -> None:
    (tmp_path / "app.py").write_text("import stack\nstack.make()\n")
    (tmp_path / "stack.py").write_text(STACK.format(line=line))
    monkeypatch.setattr(synthesis, "PROJECT", tmp_path)
    with pytest.raises(UsageError) as raised:
        synthesis.synthesize(tmp_path / "cdk.out")

    assert str(raised.value) == (
        f'app.py could not be synthesized: {reason} (File "stack.py", line 3)'
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("undefined_name", "NameError: name 'undefined_name' is not defined"),
        # Python reports it without the line that begins a traceback.
        ("if", "SyntaxError: invalid syntax"),
    ],
)
def test_an_error_of_app_py_itself_names_its_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, reason: str
) -> None:
    (tmp_path / "app.py").write_text(f"import sys\n{line}\n")
    monkeypatch.setattr(synthesis, "PROJECT", tmp_path)
    with pytest.raises(UsageError) as raised:
        synthesis.synthesize(tmp_path / "cdk.out")

    assert str(raised.value) == (
        f'app.py could not be synthesized: {reason} (File "app.py", line 2)'
    )


def test_an_app_that_ends_without_a_traceback_is_reported_by_its_last_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app.py").write_text("import sys\nsys.exit('no account')\n")
    monkeypatch.setattr(synthesis, "PROJECT", tmp_path)
    with pytest.raises(UsageError, match=r"^app\.py could not be synthesized: no account$"):
        synthesis.synthesize(tmp_path / "cdk.out")


def test_two_runs_do_not_synthesize_into_one_directory_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app.py").write_text(
        "import os, pathlib, time\n"
        "bundling = pathlib.Path(os.environ['CDK_OUTDIR'], 'asset-building')\n"
        "bundling.mkdir()\n"
        "time.sleep(0.5)\n"
        "bundling.rmdir()\n"
    )
    monkeypatch.setattr(synthesis, "PROJECT", tmp_path)
    outdir = tmp_path / "cdk.out"
    with ThreadPoolExecutor() as pool:
        synthesized = list(pool.map(synthesis.synthesize, [outdir, outdir]))

    assert synthesized == [outdir, outdir]


@pytest.mark.parametrize("end", ["", "raise SystemExit(1)", "os.kill(os.getpid(), 9)"])
def test_temporary_files_are_removed_however_the_app_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    made = tmp_path / "made.txt"
    (tmp_path / "app.py").write_text(
        "import os, pathlib, tempfile\n"
        f"pathlib.Path({str(made)!r}).write_text(tempfile.mkdtemp())\n{end}\n"
    )
    monkeypatch.setattr(synthesis, "PROJECT", tmp_path)
    with nullcontext() if not end else pytest.raises(UsageError):
        synthesis.synthesize(tmp_path / "cdk.out")

    assert made.read_text()
    assert not Path(made.read_text()).exists()
