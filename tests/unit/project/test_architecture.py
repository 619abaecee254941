# SPDX-License-Identifier: MIT-0
"""The rules that a linter watches: each is broken once, and named."""

import re
import socket
import subprocess
import sys
import tomllib

import pytest

from local.environment import PROJECT

HANDLER = "lambda/async_durable_function.py"
STEPS = "lambda/orders.py"
PACKAGE = "cdk_stepfunction_durable_lambda_function"


@pytest.mark.parametrize(
    ("file", "code", "named"),
    [
        (HANDLER, "import time\n\ntime.sleep(1)\n", "`time` is banned: A handler waits with"),
        (HANDLER, "from time import sleep\n\nsleep(1)\n", "`time` is banned: A handler waits"),
        (STEPS, "from time import sleep\n\nsleep(1)\n", "`time` is banned: A handler waits"),
        (
            HANDLER,
            "from datetime import UTC, datetime\n\ndatetime.now(UTC)\n",
            "`datetime.datetime.now` is banned: A replay would take another time",
        ),
        (
            HANDLER,
            "import datetime\n\ndatetime.date.today()\n",
            "`datetime.date.today` is banned: A replay would take another time",
        ),
        (HANDLER, "import asyncio\n\nasyncio.sleep(1)\n", "`asyncio` is banned: A handler waits"),
        (STEPS, "import urllib3\n\nurllib3.request\n", "`urllib3` is banned: What calls out is"),
        (HANDLER, "import uuid\n\nuuid.uuid4()\n", "`uuid` is banned: A replay would make"),
        (HANDLER, "import random\n\nrandom.random()\n", "`random` is banned: A replay"),
        (
            STEPS,
            'import boto3\n\nboto3.client("sns")\n',
            "`boto3` is banned: A client has a module of its own",
        ),
        (
            "inspect_execution/reading/aws_api.py",
            "from local.endpoint.endpoint import Endpoint\n\nEndpoint()\n",
            "`local` is banned: inspect_execution works without the local endpoint",
        ),
        (
            "tests/unit/handlers/test_orders.py",
            "from local.endpoint.endpoint import Endpoint\n\nEndpoint()\n",
            "`local.endpoint` is banned: A unit test opens no socket",
        ),
        (
            "tests/unit/handlers/test_orders.py",
            'from urllib.request import urlopen\n\nurlopen("http://localhost")\n',
            "`urllib.request` is banned: A unit test opens no socket",
        ),
    ],
)
def test_the_linter_names_the_rule_that_is_broken(file: str, code: str, named: str) -> None:
    finished = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--output-format=concise",
            f"--stdin-filename={file}",
        ],
        cwd=PROJECT,
        input=code,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert finished.returncode == 1
    [broken] = [line for line in finished.stdout.splitlines() if " TID251 " in line]
    assert named in broken


def test_all_that_is_used_of_the_cdk_has_types() -> None:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    overrides = settings["tool"]["mypy"]["overrides"]
    [listed] = [each["module"] for each in overrides if "aws_cdk" in each["module"]]
    used = {
        f"aws_cdk.{name}"
        for path in [PROJECT / "app.py", *(PROJECT / PACKAGE).glob("*.py")]
        for name in re.findall(r"^from aws_cdk import (aws_\w+)", path.read_text(), re.MULTILINE)
    }

    assert used <= set(listed), f"to be listed in pyproject.toml: {sorted(used - set(listed))}"


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_a_unit_test_that_connects_fails(method: str) -> None:
    with (
        socket.socket() as connecting,
        pytest.raises(AssertionError, match=r"a unit test connects to \('127\.0\.0\.1', 9\)"),
    ):
        getattr(connecting, method)(("127.0.0.1", 9))
