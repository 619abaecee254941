# SPDX-License-Identifier: MIT-0
"""The packages that Lambda's Python runtimes bring along: boto3, and what it needs.

https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
"""

import functools
import hashlib
import importlib.util
from contextlib import suppress
from pathlib import Path

from ..environment import PROJECT

_MODULES = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")


@functools.cache
def managed_packages() -> Path:
    """A directory with links to this environment's copies of them, and to nothing else of it."""
    origins = [_origin(name) for name in _MODULES]
    digest = hashlib.sha256("\n".join(map(str, origins)).encode()).hexdigest()[:12]
    directory = PROJECT / ".local" / f"managed-packages-{digest}"
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
    origin = Path(spec.origin)
    return origin.parent if origin.name == "__init__.py" else origin
