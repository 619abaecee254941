# SPDX-License-Identifier: MIT-0
"""A copy of the project in which a reader's commands run as they stand."""

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from local.environment import PROJECT

from .assemblies.variants import link

DEADLINE_SECONDS = 180
# Of the environment: accounts, and what leads cdk, make, pip or Python out of the copy.
NOT_KEPT = (
    *(
        "ASSEMBLY",
        "AWS_",
        "CDK_",
        "GNUMAKEFLAGS",
        "MAKE",
        "MFLAGS",
        "PYTEST_",
        "PYTHON",
        "VIRTUAL_ENV",
    ),
    *("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_REQUIRE_VIRTUALENV"),
)
# Bytecode is copied, or every copy compiles the project; but not what is being written of it.
NOT_COPIED = shutil.ignore_patterns(".*", "cdk.out", "*.pyc.*")
# A Python of which an environment gets the pip that is installed here. To install it takes four
# seconds, most of them to compile it, whatever the environment variables say.
WITH_PIP_AT_HAND = """#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then
    shift 2
    {python} -m venv --without-pip "$@" || exit
    for directory; do :; done
    exec cp -Rp {packages} "$directory"/lib/python*/site-packages
fi
exec {python} "$@"
"""


@dataclass(frozen=True)
class Clone:
    """The project's files, without what was built in it."""

    directory: Path

    def environment(self) -> dict[str, str]:
        """That of whoever runs this, without an account: `cdk deploy` is run in earnest."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_KEPT)}
        return {
            **kept,
            "PATH": f"{self.directory.parent}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            # And if there were credentials all the same: nothing of AWS is at this address.
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
            "PIP_COMPILE": "0",
            # npx asks the registry about an exact version at each command.
            "npm_config_prefer_offline": "true",
            # What the template is like is tested elsewhere, and to load the rules takes a second.
            "CDK_VALIDATION": "false",
            # What AWS publishes about the command line is no part of what it says.
            "CDK_NOTICES": "false",
            "CDK_DISABLE_CLI_TELEMETRY": "true",
        }

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run lines of the README in a shell, to their end."""
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.directory,
            env={**self.environment(), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=DEADLINE_SECONDS,
        )


def cloned(directory: Path) -> Clone:
    """What a fresh clone of the project has."""
    copy = directory / "clone"
    shutil.copytree(PROJECT, copy, ignore=NOT_COPIED)
    put_python(directory / "python3")
    for browser in ("open", "xdg-open"):
        # `cdk docs` opens one, and nobody is there to look at it.
        (directory / browser).symlink_to(shutil.which("true") or "/usr/bin/true")
    return Clone(copy)


def put_python(path: Path) -> None:
    """A `python3` for the front of the search path."""
    site_packages = Path(sysconfig.get_path("purelib"))
    # Of Python 3.11, setuptools belongs to an environment, too.
    names = ("pip", "pip-*", "setuptools", "setuptools-*", "pkg_resources", "_distutils_hack")
    packages = [str(each) for name in names for each in site_packages.glob(name)]
    path.write_text(WITH_PIP_AT_HAND.format(python=sys.executable, packages=shlex.join(packages)))
    path.chmod(0o755)


def installed(clone: Clone, assembly: Path) -> Clone:
    """The same with the requirements installed, which are this Python's, and synthesized."""
    environment = clone.directory / ".venv"
    environment.mkdir()
    for path in Path(sys.prefix).iterdir():
        (environment / path.name).symlink_to(path)
    # What the Makefile looks for: a file newer than the requirements.
    mark = environment / "installed"
    mark.unlink(missing_ok=True)
    mark.touch()
    link(assembly, clone.directory / "cdk.out")
    # The bytecode of the layer, which takes its time to compile.
    (clone.directory / ".local").symlink_to(PROJECT / ".local")
    return clone
