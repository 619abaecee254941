# SPDX-License-Identifier: MIT-0
"""No sockets, no pip, one synthesis for the whole session."""

import json
import socket
from pathlib import Path
from typing import Any, NoReturn

import pytest

import app


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_socket: socket.socket, address: object) -> NoReturn:
        raise AssertionError(f"a unit test connects to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The synthesized template, without the layer's content."""
    return synthesize(tmp_path_factory.mktemp("cdk.out"), {})


def synthesize(outdir: Path, context: dict[str, Any]) -> dict[str, Any]:
    no_bundling: dict[str, Any] = {"aws:cdk:bundling-stacks": []}
    assembly = app.build({**no_bundling, **context}, outdir=str(outdir)).synth()
    document: dict[str, Any] = json.loads(json.dumps(assembly.stacks[0].template))
    return document
