# SPDX-License-Identifier: MIT-0
"""The packages of Lambda's Python runtimes: boto3 with what it needs, and the durable SDK.

https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
"""

import functools
import hashlib
import importlib.util
from contextlib import suppress
from pathlib import Path

from ...environment import PROJECT

_MODULES = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")
_DURABLE_SDK = "aws_durable_execution_sdk_python"
# https://docs.aws.amazon.com/lambda/latest/dg/durable-supported-runtimes.html
DURABLE_RUNTIMES = frozenset({"python3.13", "python3.14"})


@functools.cache
def managed_packages(runtime: str) -> Path:
    """A directory with links to this environment's copies of a runtime's packages alone."""
    durable = (_DURABLE_SDK,) if runtime in DURABLE_RUNTIMES else ()
    origins = [_origin(name) for name in (*_MODULES, *durable)]
    digest = hashlib.sha256("\n".join(map(str, origins)).encode()).hexdigest()[:12]
    # By its real path, as the origins: for each other path all would be compiled again.
    directory = (PROJECT / ".local").resolve() / f"managed-packages-{digest}"
    directory.mkdir(parents=True, exist_ok=True)
    for origin in origins:
        # Another process may be at it too.
        with suppress(FileExistsError):
            (directory / origin.name).symlink_to(origin)
    return directory


def _origin(name: str) -> Path:
    """The directory of a package, or the file of a module."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    origin = Path(spec.origin).resolve()
    return origin.parent if origin.name == "__init__.py" else origin
