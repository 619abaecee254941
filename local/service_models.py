# SPDX-License-Identifier: MIT-0
"""AWS's models of its services and their Regions, read once in a process."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import botocore.session
import moto.core.responses
import moto.core.utils
from botocore.loaders import JSONFileLoader

from .patching import BOTOCORE, setting, wrapping

# Not the models of services: moto extends those that it has loaded.
REGIONS = ("endpoints", "partitions")
_regions: dict[str, Any] = {}


@functools.cache
def service_model(service: str) -> Any:
    """The model of a service, by botocore's name of it."""
    return _session().get_service_model(service)


@functools.cache
def _session() -> Any:
    # Each session looks through the folders of all services.
    return botocore.session.get_session()


setting(
    moto.core.utils,
    "create_loader",
    functools.cache(moto.core.utils.create_loader),
    gap="Every service looks through the folders of all services for its model.",
    probe="every_service_has_a_loader",
)
setting(
    moto.core.responses,
    "method_names_from_class",
    functools.cache(moto.core.responses.method_names_from_class),
    gap="Every call lists the methods of its service.",
    probe="every_call_lists_the_methods",
)


@wrapping(
    JSONFileLoader,
    "load_file",
    gap="Every session parses the files of Regions and partitions, which takes 0.1 s.",
    probe="every_session_parses_the_regions",
    release=BOTOCORE,
)
def _load_file(original: Callable[..., Any], self: JSONFileLoader, file_path: str) -> Any:
    if Path(file_path).name not in REGIONS:
        return original(self, file_path)
    if file_path not in _regions:
        _regions[file_path] = original(self, file_path)
    return _regions[file_path]
