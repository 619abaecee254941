# SPDX-License-Identifier: MIT-0
"""Every command of the README, run as it stands in a copy of the project."""

import re
from pathlib import Path

import pytest

from tests import readme

from .assemblies import link
from .clone import Clone, cloned, installed

NO_ACCOUNT = r"^Unable to resolve AWS account to use\."
CDK = "npx --yes aws-cdk@2.1148.1 "
# A command, its exit status, and what it says. What needs an account is told that there is none.
RUNS = {
    "make run": (0, r"^ 0:20:\d\d\.\d{3}  execution SUCCEEDED$"),
    "make run MINUTES=5": (0, r"^ 0:05:\d\d\.\d{3}  execution SUCCEEDED$"),
    ".venv/bin/python -m local run": (0, r"^ 0:20:\d\d\.\d{3}  execution SUCCEEDED$"),
    """.venv/bin/python -m local run --input '{"minutes_to_wait": -5}'""": (
        1,
        r"^FAILED: InvalidInput: minutes_to_wait must be a number more than 0 and less than 60, "
        r"got -5$",
    ),
    ".venv/bin/python -m local run --html execution.html": (0, r"^The page is in execution\.html$"),
    f"{CDK}synth -q": (0, r"\A\Z"),
    f"{CDK}synth": (0, r"^    Type: AWS::StepFunctions::StateMachine$"),
    f"{CDK}deploy -c prefix=blue": (1, NO_ACCOUNT),
}
# The same, of what is synthesized already.
DEPLOYS = {
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
SETUP = (
    "python3 -m venv .venv",
    "source .venv/bin/activate",
    "python3 -m pip install -r requirements.txt",
)
# What runs these tests is not run by them.
TESTS = ("make test", "make faults")
# See test_readme_session.py.
SESSION = (
    "make serve",
    "make serve PORT=0",
    "make redeploy",
    ".venv/bin/python -m local serve",
    ".venv/bin/python -m local deploy",
    ".venv/bin/python -m inspect_execution EXECUTION_ARN "
    "--endpoint-url http://127.0.0.1:4566 --html execution.html",
    ".venv/bin/python -m inspect_execution EXECUTION_ARN --follow",
)


@pytest.fixture(scope="module")
def clone(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return installed(cloned(tmp_path_factory.mktemp("readme")), assembly)


@pytest.fixture(scope="module")
def synthesized(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A copy that `cdk` need not synthesize again for each command."""
    copy = installed(cloned(tmp_path_factory.mktemp("readme")), assembly)
    settings = copy.directory / "cdk.json"
    settings.write_text(settings.read_text().replace("python3 app.py", "cdk.out"))
    return copy


def assert_says(clone: Clone, command: str, status: int, said: str) -> None:
    finished = clone.run(command)
    # What npm thinks of its own settings is not the command's.
    output = re.sub(r"^npm .*\n", "", finished.stdout, flags=re.MULTILINE)

    assert finished.returncode == status, f"{command}:\n{output}"
    assert re.search(said, output, re.MULTILINE), f"{command} does not say {said}:\n{output}"
    assert "Unknown option" not in output, f"{command}:\n{output}"


def test_every_command_of_the_readme_is_run_here() -> None:
    known = {*RUNS, *DEPLOYS, *SETUP, *SESSION, *TESTS}

    assert [each for each in readme.commands() if each not in known] == []
    assert [each for each in known if each not in readme.commands()] == []


@pytest.mark.parametrize("command", RUNS)
def test_a_command_does_what_the_readme_says(clone: Clone, command: str) -> None:
    assert_says(clone, command, *RUNS[command])


@pytest.mark.parametrize("command", DEPLOYS)
def test_what_needs_an_account_gets_as_far_as_that(synthesized: Clone, command: str) -> None:
    assert_says(synthesized, command, *DEPLOYS[command])


def test_the_steps_to_deploy_install_all_that_cdk_needs(assembly: Path, tmp_path: Path) -> None:
    new = cloned(tmp_path)
    link(assembly, new.directory / "cdk.out")
    [block] = [block for block in readme.blocks() if SETUP[1] in block]
    finished = new.run(f"{block}\n{CDK}deploy || true\nwhich python3")

    assert [line.strip() for line in block.splitlines()] == list(SETUP)
    assert re.search(NO_ACCOUNT, finished.stdout, re.MULTILINE), finished.stdout
    assert finished.stdout.splitlines()[-1] == str(new.directory / ".venv/bin/python3")


@pytest.mark.parametrize("command", TESTS)
def test_a_target_runs_the_tests(clone: Clone, command: str) -> None:
    finished = clone.run(command.replace("make", "make --dry-run"))
    [line] = [line for line in finished.stdout.splitlines() if " -m pytest " in line]

    assert finished.returncode == 0
    for path in re.findall(r"tests\S+", line):
        assert (clone.directory / path).is_dir()
