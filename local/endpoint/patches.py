# SPDX-License-Identifier: MIT-0
"""All patches of the libraries that an endpoint runs on, registered when they are imported."""

import importlib

from .. import service_models
from ..durable import execution
from ..events import patches as events
from ..iam import patches as iam
from ..patching import PATCHES, apply_patches
from ..step_functions import interpreter
from ..step_functions import patches as step_functions

MODULES = (service_models, execution, events, iam, interpreter, step_functions)
# The patches of services that moto does not load before the first call of them.
LATE_MODULES = {
    "s3": "local.iam.bucket_patches",
    "sns": "local.events.topic_patches",
    "sqs": "local.lambda_.event_sources.queue_patches",
}

__all__ = ["LATE_MODULES", "MODULES", "PATCHES", "apply_late_patches", "apply_patches"]


def apply_late_patches(service: str) -> None:
    """Apply the patches of a service that is called for the first time."""
    module = LATE_MODULES.get(service)
    if module is not None and module not in _loaded:
        importlib.import_module(module)
        apply_patches()
        _loaded.add(module)


_loaded: set[str] = set()
