# SPDX-License-Identifier: MIT-0
"""Command lines and inputs that `python -m local run` refuses: one line and status 2."""

import json
import os
import re
from pathlib import Path

import pytest

from local.commands.execution_input import parse_input

from ...support.commands import Local, local, module

NO_ASSEMBLY = "is not a cloud assembly, which `cdk synth` writes, by default to cdk.out"


def test_an_input_that_is_no_json_is_told_in_one_line_by_the_process_itself() -> None:
    finished = local("run", "--input", "{nonsense")

    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.startswith("local: --input must be JSON")
    assert finished.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--input", "{nonsense"],
            "--input must be JSON .*, got {nonsense: Expecting property name .*: line 1 .*",
        ),
        (["--input", "nowhere"], "--input must be JSON .*, got nowhere: No such file .*"),
        (["--input", ""], "--input must be JSON .*, got : Expecting value: line 1 .*"),
        (["--input", "5 minutes"], "--input must be JSON .*, got 5 minutes: Extra data: .*"),
        (["--input", "app.py"], "--input must be JSON .*, got app.py: the file is not JSON: .*"),
        (["--input", "x" * 9_000], "--input must be JSON .*, got x{100}…: File name too long"),
        (["--input", '{"m": NaN}'], "--input must be JSON .*: NaN is not JSON"),
        (["--input", "[" * 100_000], r"--input must be JSON .*, got \[{100}…: nested too deeply"),
        (
            ["--assembly", "/nowhere"],
            f"/nowhere {NO_ASSEMBLY}: it has no manifest.json",
        ),
        (
            ["--assembly", "x" * 9_000],
            f"x{{9000}} {NO_ASSEMBLY}: File name too long",
        ),
        (["--html", "/nowhere/a.html"], "--html .*, and /nowhere/a.html is in no directory .*"),
        (["--html", "/"], "--html FILE must be a file's path, and / is a directory"),
    ],
)
def test_what_cannot_begin_is_told_in_one_line(
    local_here: Local, arguments: list[str], message: str
) -> None:
    finished = local_here("run", *arguments)

    assert (finished.returncode, finished.stdout) == (2, "")
    assert re.fullmatch(f"local: {message}\n", finished.stderr)


def test_a_broken_profile_and_configuration_of_aws_are_not_read(
    assembly: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "config"
    broken.write_text("[broken")
    finished = module(
        *("local", "run", "--assembly", assembly, "--quiet", "--input", '{"minutes_to_wait": 0}'),
        env={**os.environ, "AWS_PROFILE": "nowhere", "AWS_CONFIG_FILE": str(broken)},
    )

    assert finished.returncode == 1
    assert finished.stderr.startswith("FAILED: InvalidInput: minutes_to_wait must be")


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        ("{}", "'artifacts' is missing in its files"),
        ('{"artifacts": {"s": {"type": 1}}}', None),
        ('{"artifacts": []}', "its files have another form"),
        ("[]", "manifest.json holds no JSON object"),
        ("nonsense", "Expecting value: .*"),
    ],
)
def test_a_directory_that_is_no_assembly_is_told_in_one_line(
    local_here: Local, tmp_path: Path, manifest: str, reason: str | None
) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    finished = local_here("run", "--assembly", tmp_path)

    why = f"{NO_ASSEMBLY}: {reason}" if reason else "has no stack"
    assert finished.returncode == 2
    assert re.fullmatch(f"local: {tmp_path} {why}\n", finished.stderr)


def test_a_link_in_a_circle_is_no_assembly(local_here: Local, tmp_path: Path) -> None:
    (circle := tmp_path / "circle").symlink_to(circle)
    finished = local_here("run", "--assembly", circle)

    assert finished.returncode == 2
    assert re.fullmatch(f"local: {circle} {NO_ASSEMBLY}: .*\n", finished.stderr)


def test_an_input_in_line_may_be_long() -> None:
    long_input = json.dumps({"minutes_to_wait": 0, "note": "x" * 10_000})

    assert parse_input(long_input) == long_input


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: command: see python -m local --help"),
        (["walk"], "argument command: invalid choice: 'walk' .*: see python -m local --help"),
        (["run", "--fast"], "unrecognized arguments: --fast: see python -m local run --help"),
        (["run", "--input"], "argument --input: expected one .*: see python -m local run --help"),
    ],
)
def test_a_wrong_command_line_is_status_2_and_one_line(
    local_here: Local, arguments: list[str], message: str
) -> None:
    finished = local_here(*arguments)

    assert finished.returncode == 2
    assert re.fullmatch(f"local: {message}\n", finished.stderr)
