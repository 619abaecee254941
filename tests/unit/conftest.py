# SPDX-License-Identifier: MIT-0
"""No sockets, no pip, one synthesis for the whole session."""

import json
import os
import socket
from pathlib import Path
from typing import Any, NoReturn

import pytest
from aws_durable_execution_sdk_python import state

from local.environment import PROJECT

from ..conftest import directory_of_run
from ..support.assemblies.variants import synthesizing


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_socket: socket.socket, address: object) -> NoReturn:
        raise AssertionError(f"a unit test connects to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)


@pytest.fixture(autouse=True)
def no_idle_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """An invocation ends when its work does: the SDK looks ten times a second whether it has."""
    monkeypatch.setattr(state, "_STOP_SIGNAL_POLL_SECONDS", 0.005)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The template that `make check` has synthesized, or else one for all processes of a run.

    That one is synthesized without the layer's content.
    """
    if given := os.environ.get("ASSEMBLY"):
        [made] = (PROJECT / given).glob("*.template.json")
        return read(made)
    made = directory_of_run(tmp_path_factory) / "template.json"
    with synthesizing():
        if not made.exists():
            made.write_text(json.dumps(synthesize(tmp_path_factory.mktemp("cdk.out"), {})))
    return read(made)


def read(template: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(template.read_text())
    return document


def synthesize(outdir: Path, context: dict[str, Any]) -> dict[str, Any]:
    # Here, for it imports the CDK, which starts a process: few modules need it.
    import app

    no_bundling: dict[str, Any] = {"aws:cdk:bundling-stacks": []}
    assembly = app.build({**no_bundling, **context}, outdir=str(outdir)).synth()
    document: dict[str, Any] = json.loads(json.dumps(assembly.stacks[0].template))
    return document
