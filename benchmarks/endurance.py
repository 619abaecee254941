# SPDX-License-Identifier: MIT-0
"""The resources that an endpoint holds after thousands of executions, redeployments and clients."""

import gc
import re
import shutil
import socket
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from local.cloudformation.assembly import read_assembly
from local.cloudformation.deployment import Deployment
from local.errors import LocalError
from local.retention import KEPT_EXECUTIONS

from .instruments.executions import deployed_pattern, run_executions, wait_until
from .report import Table

WAVES, EXECUTIONS_PER_WAVE = 25, 200
WAVES_SHOWN = (1, 5, 15, WAVES)
REDEPLOYMENTS = 50
SILENT_CLIENTS = 100


@dataclass(frozen=True)
class Holdings:
    """What the process of the endpoint holds at one moment, and how many sandboxes it has."""

    moment: str
    mebibytes: float
    threads: int
    files: int
    sandboxes: int


def holdings(moment: str, deployment: Deployment) -> Holdings:
    """Linux alone can tell.

    Raises:
        LocalError: this is another system
    """
    gc.collect()
    status = Path("/proc/self/status")
    if not status.exists():
        raise LocalError("the endurance of the endpoint can be measured on Linux alone")
    [kibibytes] = re.findall(r"VmRSS:\s+(\d+) kB", status.read_text())
    return Holdings(
        moment,
        int(kibibytes) / 1024,
        threading.active_count(),
        _open_files(),
        deployment.endpoint.lambda_service.sandboxes.count,
    )


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def table(measured: list[Holdings]) -> Table:
    first = next(each for each in measured if each.moment == _after(WAVES_SHOWN[0]))
    last = next(each for each in measured if each.moment == _after(WAVES))
    executions = (WAVES - WAVES_SHOWN[0]) * EXECUTIONS_PER_WAVE
    kibibytes = (last.mebibytes - first.mebibytes) * 1024 / executions
    return Table(
        ("after", "MiB", "threads", "open files", "sandboxes"),
        tuple(
            (
                each.moment,
                f"{each.mebibytes:.0f}",
                str(each.threads),
                str(each.files),
                str(each.sandboxes),
            )
            for each in measured
        ),
        (
            f"Memory grows by {kibibytes:.0f} KiB with each execution, the histories of both "
            f"sides. The endpoint keeps the newest {KEPT_EXECUTIONS:,} that have ended.",
        ),
    )


def figures() -> Iterator[Table]:
    with deployed_pattern() as deployment, tempfile.TemporaryDirectory() as directory:
        measured = [holdings("deployment", deployment)]
        for wave in range(1, WAVES + 1):
            run_executions(deployment, EXECUTIONS_PER_WAVE)
            if wave in WAVES_SHOWN:
                measured.append(holdings(_after(wave), deployment))
        for number in range(REDEPLOYMENTS):
            _redeploy(deployment, Path(directory) / str(number))
            run_executions(deployment, 1)
        measured.append(holdings(f"{REDEPLOYMENTS} redeployments", deployment))
        with ExitStack() as clients:
            for _ in range(SILENT_CLIENTS):
                clients.enter_context(_connected(deployment))
            run_executions(deployment, 1)
            measured.append(holdings(f"{SILENT_CLIENTS} clients that send nothing", deployment))
        files = measured[-2].files
        wait_until(lambda: _open_files() <= files, "the clients' ends")
        measured.append(holdings("the clients' ends", deployment))
        yield table(measured)


def _after(wave: int) -> str:
    return f"{wave * EXECUTIONS_PER_WAVE:,} executions"


def _redeploy(deployment: Deployment, directory: Path) -> None:
    """Deploy the same app with new versions of its functions, as CDK does after a change."""
    shutil.copytree(
        deployment.assembly.directory,
        directory,
        ignore=lambda folder, names: [n for n in names if (Path(folder) / n).is_dir()],
    )
    for asset in deployment.assembly.directory.iterdir():
        if asset.is_dir():
            (directory / asset.name).symlink_to(asset.resolve())
    for template in directory.glob("*.template.json"):
        renamed = rf"\g<1>{uuid.uuid4().hex}"
        text = re.sub(r"(CurrentVersion\w{8})\w{32}", renamed, template.read_text())
        template.write_text(text)
    deployment.update(read_assembly(directory))


def _connected(deployment: Deployment) -> socket.socket:
    address = urlsplit(deployment.endpoint.url)
    return socket.create_connection((str(address.hostname), int(address.port or 0)))
