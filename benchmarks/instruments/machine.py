# SPDX-License-Identifier: MIT-0
"""The machine and the date of a measurement, without a word on the machine's owner."""

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")
LIBRARIES = (
    "aws-cdk-lib",
    "aws-durable-execution-sdk-python",
    "aws-durable-execution-sdk-python-testing",
    "boto3",
    "moto",
)


def describe() -> str:
    """Date, processor, system, versions, and how busy the machine is with other things."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores of {_processor()}, "
        f"{_system()}, Python {platform.python_version()}; {libraries}.{_load()}"
    )


def _processor() -> str:
    text = CPU_INFO.read_text() if CPU_INFO.exists() else ""
    named = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return named[1] if named else platform.processor() or platform.machine()


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"


def _load() -> str:
    return busy(os.getloadavg()[0], os.cpu_count() or 1) if hasattr(os, "getloadavg") else ""


def busy(load: float, cores: int) -> str:
    """How much else went on. With more than half of the cores at work, times are not its own."""
    warning = ": too many for figures to quote" if load > cores / 2 else ""
    return f" Before it began, {load:.1f} processes were at work on average{warning}."
