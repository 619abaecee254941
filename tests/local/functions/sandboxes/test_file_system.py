# SPDX-License-Identifier: MIT-0
"""The file system of a handler: this machine's, with what its user may do."""

from pathlib import Path

from local.functions.sandboxes.fork_server import forking

from ....support.functions.sandboxes import answer, sandbox, version_in

WRITES = """
import pathlib

def handler(event, context):
    for directory in (pathlib.Path(__file__).parent, pathlib.Path(event)):
        (directory / "written").touch()
"""


def test_a_handler_writes_beside_its_code_and_into_directories_of_this_machine(
    tmp_path: Path,
) -> None:
    code, elsewhere = tmp_path / "code", tmp_path / "elsewhere"
    for directory in (code, elsewhere):
        directory.mkdir()
    (code / "index.py").write_text(WRITES)
    with sandbox(version_in(code), forking(0)) as started:
        answer(started, str(elsewhere))

    assert (code / "written").exists()
    assert (elsewhere / "written").exists()
