# SPDX-License-Identifier: MIT-0
"""`--target aws`: the acceptance tests against a deployed stack, and nothing else."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from cdk_stepfunction_durable_lambda_function.prefix import DEFAULT_PREFIX
from inspect_execution.histories.recording import FunctionMemory
from inspect_execution.model.prices import Prices

from .acceptance_plan import summary
from .account import Account, telling
from .stack import Stack

ACCEPTANCE = Path(__file__).parents[2] / "acceptance"
# Of pytest-xdist: those that keep the tests of a module in one process, and no distribution.
DISTRIBUTIONS = ("no", "loadfile", "loadscope")
PROBES_TOLD = (
    "and the probes: 5 functions that are created and deleted, 3 executions, one of them paused "
    "for over an hour, at most $0.01"
)


def add_options(parser: pytest.Parser) -> None:
    group = parser.getgroup("acceptance")
    group.addoption(
        "--target",
        choices=["local", "aws"],
        default="local",
        help="where tests/acceptance runs: on this machine, or on a stack that is deployed to "
        "AWS, with the credentials and the region of the usual places",
    )
    group.addoption(
        "--prefix",
        default=DEFAULT_PREFIX,
        help="of the stack at AWS, as given to `cdk deploy -c prefix=…` (default: %(default)s)",
    )
    group.addoption(
        "--probes",
        action="store_true",
        help="also run what AWS alone can show, which takes more than an hour; with --target aws",
    )


@dataclass(frozen=True)
class AwsTarget:
    """Finds the stack before anything is collected, and tells what a run costs.

    Where there is no stack it is an error, and no test is skipped: the same tests run on this
    machine by default, and a run for AWS that tests nothing must not look like a success.
    """

    NAME: ClassVar = "aws-target"
    account: Account
    stack: Stack
    memory: FunctionMemory

    @classmethod
    def of(cls, prefix: str) -> "AwsTarget":
        """The target in the account of the usual places.

        Raises:
            UsageError: there is none
        """
        account = Account.of_the_usual_places()
        stack = account.stack(prefix)
        with telling(f"--target aws: {stack.prefix.stack_name} in {account.in_words}"):
            return cls(account, stack, stack.memory())

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Tell what it costs, however little pytest is asked to tell, and before xdist begins."""
        refuse_split_modules(session.config)
        # A process of xdist's own: it has been told already.
        if not hasattr(session.config, "workerinput"):
            self.tell(
                session.config.pluginmanager.get_plugin("terminalreporter"),
                has_probes=session.config.getoption("probes"),
            )

    def tell(self, terminal: pytest.TerminalReporter | None, *, has_probes: bool) -> None:
        write = print if terminal is None else terminal.write_line
        cost = summary(self.memory, Prices(), self.account.region)
        write(f"acceptance on AWS: {self.stack.prefix.stack_name}, {self.account.in_words}")
        write(f"acceptance on AWS: {cost}")
        if has_probes:
            write(f"acceptance on AWS: {PROBES_TOLD}")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Leave out what runs on this machine alone."""
        local = [item for item in items if not item.path.is_relative_to(ACCEPTANCE)]
        items[:] = [item for item in items if item.path.is_relative_to(ACCEPTANCE)]
        if local and not items:
            raise pytest.UsageError("--target aws runs tests/acceptance, and nothing else")
        config.hook.pytest_deselected(items=local)


def refuse_probes(config: pytest.Config) -> None:
    """On this machine there is nothing to be shown by them.

    Raises:
        UsageError: probes are asked for without AWS
    """
    if config.getoption("probes") and config.getoption("target") != "aws":
        raise pytest.UsageError("--probes needs --target aws: they show what AWS alone can show")


def refuse_split_modules(config: pytest.Config) -> None:
    """A module that runs in two processes starts its executions twice.

    Raises:
        UsageError: the tests are distributed in a way that splits modules
    """
    distribution = config.getoption("dist", "no")
    if distribution not in DISTRIBUTIONS:
        raise pytest.UsageError(
            "--target aws: with --numprocesses, --dist must be loadfile or loadscope, or more is "
            f"started than planned; got {distribution}"
        )
