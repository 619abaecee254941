# SPDX-License-Identifier: MIT-0
"""The assembly for all who run it, the target, and at the end how many faults were injected."""

import gc
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from local.cloudformation.synthesis import search_path, synthesize
from local.environment import PROJECT

from .support.assemblies.variants import link, synthesizing
from .support.project.fault_count import FaultCount
from .support.scheduler import LoadGroupOfFiles
from .support.stacks.target import AwsTarget, add_options, refuse_probes

MAX_PROCESSES = 8
# What takes long first, and of the rest what waits most: it leaves the processors to others, of
# which there would be none at the end.
FIRST = (
    "test_readme",
    "test_readme_session",
    "test_readme_install",
    "test_input",
    "test_crash",
    "test_target_aws",
    "test_page",
    "test_command_surroundings",
    "test_command",
    "test_command_refusals",
    "test_extend",
    "test_serve",
    "test_inspect_execution",
    "test_sandbox",
    "test_sandbox_ends",
    "test_chained_invoke",
    "test_pausing",
    "test_callback",
    "test_callback_guard",
    "test_fork_server",
    "test_watch",
    "test_app",
    "test_redeploy",
    "test_monitored_assembly",
    "test_patches",
    "test_install",
    "test_mixed_executions",
    "test_delivery",
    "test_errors",
    "test_history",
    "test_closed_task",
    "test_by_hand",
    "test_endings",
    "test_runtime",
    "test_order",
    "test_start_once",
    "test_time",
)
# What is imported stays for the whole run: to look through it for garbage, again and again, takes
# a sixth of the time. pytest_collection_finish enables the collector.
gc.disable()
# And then it looks at this many new objects at once, for the default, 700, is made for less memory.
YOUNG_OBJECTS = 20_000
# Before any test imports the app, and so aws_cdk: a shell may not have activated this environment.
os.environ["PATH"] = search_path()
# The CDK's own validation of a template takes longer than all else of a synthesis. `make template`
# has done it, and test_app.py does it where findings are the subject.
os.environ["CDK_VALIDATION"] = "false"


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assembly that `cdk deploy` would deploy, layer and all, as this process's own copy.

    `make check` has synthesized it already, and names its directory in ASSEMBLY.
    """
    synthesized = directory_of_run(tmp_path_factory) / "assembly"
    with synthesizing():
        if not synthesized.exists():
            given = os.environ.get("ASSEMBLY")
            link(PROJECT / given if given else synthesize(PROJECT / "cdk.out"), synthesized)
    return link(synthesized, tmp_path_factory.mktemp("assembly") / "copy")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest modules begin first: one that begins last would be waited for alone."""
    order = {stem: number for number, stem in enumerate(FIRST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
    gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    return LoadGroupOfFiles(config, log) if config.getoption("dist") == "loadfile" else None


def directory_of_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What all processes of one run of the tests share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)
    parser.addoption(
        "--executions",
        type=int,
        default=200,
        help="how many mixed executions test_mixed_executions.py runs (default: %(default)s)",
    )


def pytest_configure(config: pytest.Config) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # So it is in the background of a shell, and so it would be in what is started here.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.pluginmanager.register(FaultCount())
    refuse_probes(config)
    if config.getoption("target") == "aws":
        config.pluginmanager.register(AwsTarget.of(config.getoption("prefix")), AwsTarget.NAME)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two processes for each core, for the tests wait about as long as they work, and one more."""
    return min(2 * (os.cpu_count() or 1) + 1, MAX_PROCESSES)
