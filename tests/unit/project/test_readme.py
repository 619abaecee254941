# SPDX-License-Identifier: MIT-0
"""What README, CONTRIBUTING and docs/ say of the stack and of the commands is true."""

import json
import os
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import FIGURES, parse_names
from inspect_execution.command_line import arguments as inspection
from local.commands.arguments import parse_arguments
from local.commands.deploy import DeployOptions
from local.commands.replay import ReplayOptions
from local.commands.run import RunOptions
from local.commands.serve import ServeOptions
from local.environment import PROJECT

from ...support.assemblies.resources import ASYNC, SYNC, TemplateDict, definition
from ...support.project import readme
from ...support.project.differences import differences

MACHINE = "sfn-dfn-integration-pattern-cdk"


def having(part: str) -> list[str]:
    """The commands of all pages with that in them."""
    return [command for command in readme.commands() if part in command]


def snippets() -> dict[str, Any]:
    """The states that the pages show, by name."""
    shown: dict[str, Any] = {}
    for block in readme.blocks(language="json"):
        if '"Type": "Task"' in block:
            shown |= json.loads(block)
    return shown


def test_the_tasks_shown_are_those_that_are_synthesized(template: TemplateDict) -> None:
    arn = "arn:aws:lambda:us-east-1:XXXXXXXXXXXX:function:"
    states = definition(template)["States"]
    tasks = {name: state for name, state in states.items() if state["Type"] == "Task"}
    synthesized = json.dumps(tasks)
    for name in (ASYNC, SYNC):
        synthesized = synthesized.replace(f"{name}:1", f"{arn}{name}:1")

    assert differences(snippets(), json.loads(synthesized)) == []


def test_every_output_of_the_stack_is_shown(template: TemplateDict) -> None:
    shown = re.findall(r"CdkStepfunctionDurableLambdaFunctionStack\.(\w+) = ", readme.TEXT)

    assert sorted(shown) == sorted(template["Outputs"])


def test_every_make_target_named_is_one() -> None:
    targets = re.findall(r"^(\w+):", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    named = set(re.findall(r"^make (\w+)", "\n".join(readme.commands()), re.MULTILINE))
    in_prose = set(re.findall(r"`make (\w+)", readme.TEXT))

    assert in_prose <= named <= set(targets), f"not targets: {sorted(named - set(targets))}"


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

    options = parse_arguments(arguments)
    if not isinstance(options, DeployOptions):
        assert isinstance(options, RunOptions | ServeOptions | ReplayOptions)
        assert options.deployment.assembly is None
        return
    assert options.assembly is None


@pytest.mark.parametrize("line", having(" -m inspect_execution "))
def test_every_inspection_is_one_that_parses(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    arn = "arn:aws:states:us-east-1:123456789012:execution:machine:run"
    arguments = [arn if word == "EXECUTION_ARN" else word for word in shlex.split(line)[3:]]

    assert inspection.parse_arguments(arguments).named.text in (arn, MACHINE)


def test_the_figures_are_all_that_one_command_prints() -> None:
    figures = readme.section("Figures")
    [names] = re.findall(r"`\.venv/bin/python -m benchmarks (.*)`", readme.TEXT)
    [argument] = re.findall(r"its argument is one\s+or more\s+of (.*?)\. ", readme.TEXT, re.DOTALL)

    assert re.findall(r"`(\w+)`", argument) == list(FIGURES)
    assert re.findall(r"^### (.*)$", figures, re.MULTILINE) == list(FIGURES.values())
    assert re.search(
        r"^Measured on \d{4}-\d\d-\d\d: \d+ cores of .*, Python ", figures, re.MULTILINE
    )
    assert parse_names(shlex.split(names)) == ["assets"]


def test_the_command_that_shows_an_execution_is_shown() -> None:
    assert having(" -m inspect_execution EXECUTION_ARN")
    assert ".venv/bin/python -m local run --html execution.html" in readme.commands()


def test_every_picture_is_there_and_small() -> None:
    shown = re.findall(r"!\[[^\]]+\]\((?:docs/)?([^)]+)\)", readme.TEXT)

    assert sorted(shown) == ["console.png", "execution.png"]
    for name in shown:
        assert 0 < (PROJECT / "docs" / name).stat().st_size < 200_000


def test_the_readme_is_read_to_the_end_in_five_minutes() -> None:
    assert len(readme.PAGES["README.md"].splitlines()) <= 300


@pytest.mark.parametrize("page", readme.PAGES)
def test_every_link_within_the_project_leads_somewhere(page: str) -> None:
    for link in readme.links(page):
        if not link.startswith("https://"):
            path, _, anchor = link.partition("#")
            target = (PROJECT / page).parent / path if path else PROJECT / page
            assert target.exists(), f"{page}: {link}"
            if anchor:
                assert anchor in readme.anchors(str(target.resolve().relative_to(PROJECT))), link


def test_the_readme_lists_its_contents_and_every_page() -> None:
    linked = readme.links("README.md")
    headings = re.findall(r"^## (.*)$", readme.PAGES["README.md"], re.MULTILINE)
    listed = re.findall(r"^\| \[(.*?)\]", readme.section("Where to read more"), re.MULTILINE)

    assert re.findall(r"\[(.*?)\]\(#", readme.section("Contents")) == headings[1:]
    assert sorted(["README.md", *listed]) == sorted(readme.PAGES)
    assert set(listed) <= set(linked)


def test_the_clone_is_that_of_the_collection() -> None:
    template = json.loads((PROJECT / "example-pattern.json").read_text())["gitHub"]["template"]
    [clone, change] = [line for line in readme.commands() if re.match("git|cd ", line)]

    assert clone == f"git clone {template['repoURL'].split('/tree/')[0]}"
    assert change == f"cd {template['templateURL']}"


def test_every_acceptance_test_named_is_one() -> None:
    proven = readme.section("What is not proven")
    named = re.findall(r"`(test_\w+)` in `(tests/acceptance/\w+\.py)`", proven)

    assert len(named) == proven.count("| `test_") == 15
    for name, module in named:
        assert f"\ndef {name}(" in (PROJECT / module).read_text()


def test_every_difference_from_aws_is_one_of_three_kinds() -> None:
    row = r"^\| (.*) \| (.*) \| (.*) \| (.*) \|$"
    rows = re.findall(row, readme.section("Compared with AWS"), re.M)[2:]

    assert {kind for _, kind, _, _ in rows} == {"as on AWS", "refused", "differs"}
    assert len({subject for subject, _, _, _ in rows}) == len(rows)
    assert all(detail.strip() for _, _, detail, _ in rows)
    for subject, _, _, tests in rows:
        modules = re.findall(r"`(tests/[\w/]+\.py)`", tests)
        assert modules, f"no test holds the row {subject}"
        assert all((PROJECT / module).is_file() for module in modules), subject


def project_files() -> set[str]:
    """The names of the project's files and folders, without what is installed or built in it."""
    found = set()
    for _, folders, files in os.walk(PROJECT):
        folders[:] = [each for each in folders if not each.startswith((".", "cdk.out"))]
        found |= {*folders, *files}
    return found


def test_every_file_named_exists() -> None:
    named = re.findall(r"`([^`]+)`", readme.section("Where things are"))
    named += re.findall(r"`([\w./-]+(?:/|\.(?:py|yml|md|txt|toml)))`", readme.TEXT)

    files = project_files()

    assert "tests/support/stacks/histories.py" in named
    for name in named:
        assert name in files if "/" not in name else (PROJECT / name).exists(), name


def test_the_guard_is_left_out_by_deleting_what_the_docs_name() -> None:
    """The block and the import, and nothing else of stack.py knows it."""
    source = (PROJECT / "cdk_stepfunction_durable_lambda_function" / "stack.py").read_text()

    assert source.count("CallbackGuard") == 3  # the import, the block, its construct id


def test_the_pattern_description_is_what_the_collection_takes() -> None:
    pattern = json.loads((PROJECT / "example-pattern.json").read_text())
    template = pattern["gitHub"]["template"]

    assert len(pattern["title"]) <= 75
    assert len(pattern["description"]) <= 150
    assert (pattern["language"], pattern["framework"]) == ("Python", "AWS CDK")
    assert pattern["title"] == readme.PAGES["README.md"].splitlines()[0].removeprefix("# ")
    assert (PROJECT / template["templateFile"]).exists()
    assert set(template) == {"repoURL", "templateURL", "projectFolder", "templateFile"}
    assert all(isinstance(text, str) for text in pattern["introBox"]["text"])
    assert isinstance(pattern["authors"], list)
