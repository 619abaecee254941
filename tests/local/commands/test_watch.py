# SPDX-License-Identifier: MIT-0
"""`make serve WATCH=1`: what changes in the app is served without a restart."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from ...support.clone import Clone, cloned, installed
from ...support.serving import Serving, started
from ...support.stacks.scenario import SYNC, wait_until


@pytest.fixture(scope="module")
def clone(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return installed(cloned(tmp_path_factory.mktemp("watch")), assembly)


@pytest.fixture(scope="module")
def served(clone: Clone) -> Iterator[Serving]:
    command = ["make", "serve", "PORT=0", "WATCH=1"]
    with started(command, clone.directory, clone.environment()) as ready:
        yield ready


def next_line(served: Serving, start: str) -> str:
    """The next line of output that begins so."""
    assert served.process.stdout is not None
    return next(line for line in served.process.stdout if line.startswith(start)).rstrip()


def test_a_changed_handler_is_deployed_and_a_broken_app_leaves_the_last_good_one(
    clone: Clone, served: Serving
) -> None:
    lambda_: Any = boto3.client(
        "lambda",
        endpoint_url=served.url,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )

    def versions() -> list[str]:
        listed = lambda_.list_versions_by_function(FunctionName=SYNC)["Versions"]
        return [version["Version"] for version in listed]

    invoices = clone.directory / "lambda" / "invoices.py"
    invoices.write_text(invoices.read_text().replace('"SENT"', '"SENT AGAIN"'))
    deployed = next_line(served, "deployed: ")
    answer = lambda_.invoke(FunctionName=f"{SYNC}:2", Payload='{"order_id": "order-1"}')

    assert f"{SYNC}:2" in deployed
    assert json.load(answer["Payload"])["status"] == "SENT AGAIN"

    app = clone.directory / "app.py"
    good = app.read_text()
    app.write_text(good + "\nx = (\n")

    assert next_line(served, "not deployed: ").startswith(
        "not deployed: app.py could not be synthesized: SyntaxError: "
    )
    assert versions() == ["$LATEST", "1", "2"]

    app.write_text(good)
    invoices.write_text(invoices.read_text().replace('"SENT AGAIN"', '"SENT ONCE MORE"'))
    wait_until(lambda: "3" in versions(), "the third version")
