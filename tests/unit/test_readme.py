# SPDX-License-Identifier: MIT-0
"""What the README says of the stack and of the commands is what they are."""

import json
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

import app
from benchmarks.__main__ import FIGURES, parse_names
from inspect_execution import command_line as inspection
from local.commands.arguments import parse_arguments

from ..support import readme
from .differences import differences
from .resources import ASYNC, SYNC, TemplateDict, definition


def having(part: str) -> list[str]:
    """The commands of the README with that in them."""
    return [command for command in readme.commands() if part in command]


def snippets() -> dict[str, Any]:
    """The states that the README shows, by name."""
    shown: dict[str, Any] = {}
    for block in readme.blocks(language="json"):
        if '"Type": "Task"' in block:
            shown |= json.loads(block)
    return shown


def test_the_states_shown_are_those_that_are_synthesized(template: TemplateDict) -> None:
    arn = "arn:aws:lambda:us-east-1:XXXXXXXXXXXX:function:"
    synthesized = json.dumps(definition(template)["States"])
    for name in (ASYNC, SYNC):
        synthesized = synthesized.replace(f"{name}:1", f"{arn}{name}:1")

    assert differences(snippets(), json.loads(synthesized)) == []


def test_every_output_of_the_stack_is_shown(template: TemplateDict) -> None:
    shown = re.findall(r"CdkStepfunctionDurableLambdaFunctionStack\.(\w+) = ", readme.TEXT)

    assert sorted(shown) == sorted(template["Outputs"])


def test_every_make_target_named_is_one() -> None:
    targets = re.findall(r"^(\w+):", (app.ROOT / "Makefile").read_text(), re.MULTILINE)
    named = set(re.findall(r"`?\bmake (\w+)", readme.TEXT)) - {"it"}

    assert named <= set(targets), f"not in the Makefile: {sorted(named - set(targets))}"


def test_the_cdk_command_line_is_always_the_pinned_one() -> None:
    assert having(readme.CDK)
    for line in re.findall(r"npx .*", readme.TEXT):
        if "aws-cdk" in line:
            assert readme.CDK in line


def test_the_tests_use_the_node_that_comes_with_the_development_requirements() -> None:
    assert shutil.which("node") == str(Path(sys.executable).with_name("node"))


@pytest.mark.parametrize("line", having(" -m local "))
def test_every_local_command_is_one_that_parses(line: str) -> None:
    arguments = shlex.split(line)[3:]

    assert parse_arguments(arguments).assembly is None


@pytest.mark.parametrize("line", having(" -m inspect_execution "))
def test_every_inspection_is_one_that_parses(line: str) -> None:
    arn = "arn:aws:states:us-east-1:123456789012:execution:machine:run"
    arguments = [arn if word == "EXECUTION_ARN" else word for word in shlex.split(line)[3:]]

    assert inspection.parse_arguments(arguments).arn.text == arn


def test_the_figures_are_all_that_one_command_prints() -> None:
    figures = readme.section("Figures")
    [names] = re.findall(r"`\.venv/bin/python -m benchmarks (.*)`", figures)

    assert re.findall(r"^### (.*)$", figures, re.MULTILINE) == list(FIGURES.values())
    assert re.search(
        r"^Measured on \d{4}-\d\d-\d\d: \d+ cores of .*, Python ", figures, re.MULTILINE
    )
    assert parse_names(shlex.split(names)) == ["assets"]


def test_the_command_that_shows_an_execution_is_shown() -> None:
    assert having(" -m inspect_execution EXECUTION_ARN")
    assert ".venv/bin/python -m local run --html execution.html" in readme.commands()


def test_every_picture_is_there_and_small() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", readme.TEXT)

    assert pictures == ["docs/execution.png"]
    assert all(0 < (app.ROOT / path).stat().st_size < 200_000 for path in pictures)


def test_every_file_named_exists() -> None:
    guide = (app.ROOT / "CONTRIBUTING.md").read_text()
    named = re.findall(r"`([^`]+)`", readme.section("Where things are"))
    named += re.findall(r"`([\w./-]+(?:/|\.(?:py|yml|md|txt|toml)))`", guide)

    assert "tests/histories.py" in named
    for name in named:
        assert list(app.ROOT.glob(f"**/{name}" if "/" not in name else name)), name


def test_the_guard_is_left_out_by_deleting_what_the_readme_names() -> None:
    """The block and the import, and nothing else of stack.py knows it."""
    source = (app.ROOT / "cdk_stepfunction_durable_lambda_function" / "stack.py").read_text()

    assert source.count("CallbackGuard") == 3  # the import, the block, its construct id


def test_the_pattern_description_is_what_the_collection_takes() -> None:
    pattern = json.loads((app.ROOT / "example-pattern.json").read_text())
    template = pattern["gitHub"]["template"]

    assert len(pattern["title"]) <= 75
    assert len(pattern["description"]) <= 150
    assert (pattern["language"], pattern["framework"]) == ("Python", "AWS CDK")
    assert pattern["title"] == readme.TEXT.splitlines()[0].removeprefix("# ")
    assert (app.ROOT / template["templateFile"]).exists()
    assert set(template) == {"repoURL", "templateURL", "projectFolder", "templateFile"}
    assert all(isinstance(text, str) for text in pattern["introBox"]["text"])
    assert isinstance(pattern["authors"], list)
