# SPDX-License-Identifier: MIT-0
"""Every command of README, CONTRIBUTING and docs/, run as it stands in a copy of the project."""

import re
import shutil
from pathlib import Path

import pytest

from local.environment import PROJECT

from ...support.clone import Clone, cloned, installed
from ...support.project import readme
from ...support.project.readme import CDK, NO_ACCOUNT, SETUP

PAGE = ".venv/bin/python -m local run --html execution.html"
# A command, its exit status, and what it says. What needs an account is told that there is none.
SYNTHESIZES = {
    "make run": (0, r"^ 0:20:\d\d\.\d{3}  execution SUCCEEDED$"),
    f"{CDK}synth -q": (0, r"\A\Z"),
}
# The same, of what is synthesized already.
RUNS = {
    "make run MINUTES=5": (0, r"^ 0:05:\d\d\.\d{3}  execution SUCCEEDED$"),
    """.venv/bin/python -m local run --input '{"minutes_to_wait": -5}'""": (
        1,
        r"^FAILED: InvalidInput: minutes_to_wait must be a number more than 0 and less than 60, "
        r"got -5$",
    ),
    PAGE: (0, r"^The page is in execution\.html$"),
    f"{CDK}synth": (0, r"^    Type: AWS::StepFunctions::StateMachine$"),
    f"{CDK}deploy -c monitoring=true": (1, NO_ACCOUNT),
    f"{CDK}deploy -c prefix=blue": (1, NO_ACCOUNT),
    f"{CDK}deploy -c durable_key_arn=arn:aws:kms:us-east-1:123456789012:key/ID": (1, NO_ACCOUNT),
    ".venv/bin/python -m pytest tests/acceptance --target aws": (
        4,
        r"^ERROR: --target aws: there is no region: set AWS_DEFAULT_REGION or AWS_PROFILE$",
    ),
    ".venv/bin/python -m pytest tests/acceptance --target aws --probes -k NAME_OF_THE_TEST": (
        4,
        r"^ERROR: --target aws: there is no region: set AWS_DEFAULT_REGION or AWS_PROFILE$",
    ),
    ".venv/bin/python -m benchmarks assets": (0, r"^### Size$"),
    f"{CDK}bootstrap aws://ACCOUNT-NUMBER/REGION": (
        1,
        r"^Need to perform AWS calls for account ACCOUNT-NUMBER, but no credentials have been",
    ),
    f"{CDK}deploy": (1, NO_ACCOUNT),
    f"{CDK}diff": (1, NO_ACCOUNT),
    f"{CDK}destroy": (1, r"^Destroying stacks is an irreversible action, but terminal \(TTY\) is"),
    f"{CDK}ls": (0, r"^CdkStepfunctionDurableLambdaFunctionStack$"),
    f"{CDK}docs": (0, r"^https://docs\.aws\.amazon\.com/cdk/api/v2/$"),
}
# What runs these tests, or takes minutes, is not run here: make tells what it would run.
PYTEST = r" -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder"
WOULD_RUN = {
    "make check": rf" ruff check \.\n(.*\n)*.* mypy \.\n(.*\n)*.*/cfn-lint\n(.*\n)*.*{PYTEST}\n",
    "make test": rf"{PYTEST}\n",
    "make test-quick": rf"{PYTEST} tests/local/test_pattern\.py tests/unit ",
    "make faults": rf"{PYTEST} tests/local/faults\n",
    "make bench": r" -m benchmarks\n",
    "make picture": r" -m tests\.browser\.picture\n",
    "make redeploy": r" -m local deploy \n",
    "make histories": r" -m tests\.local\.record_histories\n",
}
# What `make run` runs, and so need not be run again.
PLAIN_RUN = ".venv/bin/python -m local run"
# The same without make.
BY_MAKE = (
    ".venv/bin/python -m pip install -r requirements-dev.txt",
    ".venv/bin/python -m pytest",
)
CLEAN = "make clean"
PRE_COMMIT = ".venv/bin/pre-commit install"
# test_install.py runs these, and tests/unit/project/test_readme.py checks the address and folder.
ELSEWHERE = (
    "make run PYTHON=python3.14",
    "git clone https://github.com/aws-samples/serverless-patterns",
    "cd serverless-patterns/cdk-stepfunction-durable-lambda-function",
)
# See test_readme_session.py.
SESSION = (
    "make serve",
    "make serve PORT=0",
    ".venv/bin/python -m local serve",
    ".venv/bin/python -m local deploy",
    ".venv/bin/python -m inspect_execution EXECUTION_ARN "
    "--endpoint-url http://127.0.0.1:4566 --html execution.html",
    ".venv/bin/python -m inspect_execution EXECUTION_ARN --follow",
    ".venv/bin/python -m inspect_execution EXECUTION_ARN",
    ".venv/bin/python -m inspect_execution EXECUTION_ARN --json",
    # See test_inspect_execution.py.
    ".venv/bin/python -m inspect_execution sfn-dfn-integration-pattern-cdk --failed",
    ".venv/bin/python -m inspect_execution sfn-dfn-integration-pattern-cdk --waiting",
)
# See test_replay.py and test_replay_command.py.
REPLAY = (
    ".venv/bin/python -m local replay tests/histories/order-fulfilled.json "
    "tests/histories/order-waiting.json",
    ".venv/bin/python -m inspect_execution EXECUTION_ARN --record recorded",
    ".venv/bin/python -m local replay recorded/*.json",
)


@pytest.fixture(scope="module")
def clone(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return installed(cloned(tmp_path_factory.mktemp("readme")), assembly)


@pytest.fixture(scope="module")
def synthesized(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A copy that is not synthesized again for each command: the app leaves cdk.out as it is."""
    copy = installed(cloned(tmp_path_factory.mktemp("readme")), assembly)
    settings = copy.directory / "cdk.json"
    settings.write_text(settings.read_text().replace("python3 app.py", "cdk.out"))
    (copy.directory / "app.py").write_text("")
    start_at_once(copy)
    return copy


def start_at_once(clone: Clone) -> None:
    """Let npx look for the CDK once: it takes as long for that as the command itself does."""
    npx, name = CDK.split()[:-1], CDK.split()[-1]
    found = clone.run(f"{' '.join(npx)} --package {name} -- which cdk").stdout.split()[-1]
    shortcut = clone.directory.parent / "npx"
    shortcut.write_text(f'#!/bin/sh\n[ "$1 $2" = "{npx[-1]} {name}" ] && shift 2 && {found} "$@"\n')
    shortcut.chmod(0o755)


def assert_says(clone: Clone, command: str, status: int, said: str) -> str:
    """Run a command and check what it says, which is returned."""
    finished = clone.run(command)
    # What npm thinks of its own settings is not the command's.
    output = re.sub(r"^npm .*\n", "", finished.stdout, flags=re.MULTILINE)

    assert finished.returncode == status, f"{command}:\n{output}"
    assert re.search(said, output, re.MULTILINE), f"{command} does not say {said}:\n{output}"
    assert "Unknown option" not in output, f"{command}:\n{output}"
    return output


def test_every_command_of_every_page_is_run_here() -> None:
    known = {*SYNTHESIZES, *RUNS, *SETUP, *SESSION, *WOULD_RUN, *BY_MAKE, *ELSEWHERE}
    known |= {CLEAN, PRE_COMMIT, PLAIN_RUN, *REPLAY}
    shown = set(readme.commands())

    assert shown <= known, f"on a page, and run by no test: {sorted(shown - known)}"
    assert known <= shown, f"no longer on a page: {sorted(known - shown)}"


@pytest.mark.parametrize("command", SYNTHESIZES)
def test_a_command_synthesizes_and_does_what_the_page_says(clone: Clone, command: str) -> None:
    output = assert_says(clone, command, *SYNTHESIZES[command])
    if command == "make run":
        assert [line for line in sample() if line not in without_times(output)] == []


def sample() -> list[str]:
    """The lines that the README shows of `make run`, without the times, up to its ellipsis."""
    [shown] = [block for block in readme.blocks() if block.lstrip().startswith("time  ")]
    *lines, ellipsis = without_times(shown)
    assert ellipsis == "..."
    return lines


def without_times(text: str) -> list[str]:
    return [re.sub(r"^\d+:\d\d:\d\d\.\d+ +", "", line.strip()) for line in text.splitlines()]


@pytest.mark.parametrize("command", RUNS)
def test_a_command_does_what_the_page_says(synthesized: Clone, command: str) -> None:
    assert_says(synthesized, command, *RUNS[command])
    if command == PAGE:
        assert "wait_for_fulfilment" in (synthesized.directory / "execution.html").read_text()


def test_make_run_is_the_plain_command(clone: Clone) -> None:
    would_run = clone.run("make run --dry-run").stdout.replace("\\\n", "")

    assert would_run.split() == PLAIN_RUN.split()


@pytest.mark.parametrize("command", WOULD_RUN)
def test_what_takes_minutes_would_run(clone: Clone, command: str) -> None:
    assert re.search(WOULD_RUN[command], clone.run(f"{command} --dry-run").stdout)


def test_make_installs_what_the_pages_install(tmp_path: Path) -> None:
    would_run = cloned(tmp_path).run("make --dry-run test").stdout.replace("\\\n", "")

    assert would_run.splitlines()[1] == SETUP[0]
    for command in BY_MAKE:
        words = [re.escape(word) for word in command.split()]
        assert re.search(rf"^{'.*'.join(words)}", would_run, re.MULTILINE)


def test_pre_commit_installs_its_hook(assembly: Path, tmp_path: Path) -> None:
    used = installed(cloned(tmp_path), assembly)
    shutil.copy(PROJECT / ".pre-commit-config.yaml", used.directory)
    finished = used.run(f"git init --quiet\n{PRE_COMMIT}")

    assert finished.returncode == 0, finished.stdout
    assert (used.directory / ".git/hooks/pre-commit").exists()


def test_make_clean_leaves_what_git_has(assembly: Path, tmp_path: Path) -> None:
    used = installed(cloned(tmp_path), assembly)
    finished = used.run(CLEAN)

    assert finished.returncode == 0, finished.stdout
    assert not [name for name in (".venv", ".local", "cdk.out") if (used.directory / name).exists()]
    assert (used.directory / "app.py").exists()
