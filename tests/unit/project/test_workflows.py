# SPDX-License-Identifier: MIT-0
"""The workflows on GitHub: they run the same checks as here, with actions pinned to commits."""

import re

import pytest

from cdk_stepfunction_durable_lambda_function.prefix import Prefix
from local.environment import PROJECT

from ...support.project import readme

WORKFLOWS = {path.stem: path.read_text() for path in (PROJECT / ".github/workflows").iterdir()}
CHECKS = (PROJECT / ".ci" / "run").read_text()


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_action_is_pinned_by_its_commit(name: str) -> None:
    used = re.findall(r"uses: (.*)", WORKFLOWS[name])

    assert used
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_an_action_is_the_same_in_every_workflow() -> None:
    used = {action for text in WORKFLOWS.values() for action in re.findall(r"uses: (.*)", text)}

    assert len(used) == len({action.split("@")[0] for action in used}), sorted(used)


def test_a_change_is_checked_on_both_systems_and_the_oldest_and_newest_python() -> None:
    assert re.search(r"os: \[ubuntu-\d+\.\d+, macos-\d+\]", WORKFLOWS["check"])
    assert 'python: ["3.11", "3.14"]\n' in WORKFLOWS["check"]
    assert WORKFLOWS["check"].endswith("- run: .ci/run\n")
    assert CHECKS.endswith("\nmake check\n")


def test_the_workflow_always_destroys_the_stack_that_it_deploys() -> None:
    workflow = WORKFLOWS["acceptance"]
    [prefix] = re.findall(r"PREFIX: (.*)", workflow)
    longest = prefix.replace("${{ github.run_id }}", "9" * 20)
    Prefix.parse(longest.replace("${{ github.run_attempt }}", "999"))
    command = readme.CDK + '{} -c prefix="$PREFIX"\n'

    assert command.format("deploy --require-approval never") in workflow
    assert (
        "if: ${{ always() && steps.credentials.outcome == 'success' }}\n"
        f"        run: {command.format('destroy --force')}"
    ) in workflow
    assert '-m pytest tests/acceptance --target aws --prefix "$PREFIX"\n' in workflow


def test_after_the_longest_deployment_and_test_there_is_time_to_destroy_the_stack() -> None:
    workflow = WORKFLOWS["acceptance"]
    [job] = re.findall(r"^    timeout-minutes: (\d+)$", workflow, re.MULTILINE)
    steps = re.findall(r"- name: (\w+)\n        timeout-minutes: (\d+)\n", workflow)

    assert [name for name, _ in steps] == ["Install", "Deploy", "Test"]
    assert int(job) - sum(int(minutes) for _, minutes in steps) >= 15


def test_the_quick_checks_are_those_of_the_linter_that_is_installed() -> None:
    configuration = (PROJECT / ".pre-commit-config.yaml").read_text()
    entries = re.findall(r"entry: (.*)", configuration)
    targets = (PROJECT / "Makefile").read_text()

    assert len(entries) == configuration.count("language: system") == 2
    for entry in entries:
        command = entry.removeprefix(".venv/bin/python ").removesuffix(" --force-exclude")
        assert f"$(VENV_PYTHON) {command} " in targets
