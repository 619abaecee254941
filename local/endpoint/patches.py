# SPDX-License-Identifier: MIT-0
"""All patches of the libraries that an endpoint runs on, registered by the import of their modules.

What moto keeps on classes and in modules, and so in every endpoint and every thread of a process
(tests/local/step_functions/test_shared_state.py finds what is new; the modules named are those of
local/step_functions):

- the backends of all services: reset when an endpoint begins;
- `default_user_config`: set by interpreter.py, and never changed;
- `Preprocessor._query_language_per_scope`: one a run of the parser (patches/parsing.py);
- the decisions and contexts that ANTLR's parsers cache on their classes: one run at a time
  (patches/parsing.py);
- `TMP_THREADS`, every thread that was started: emptied when an execution ends
  (executions/execution.py);
- `instances_tracked`, every state machine that was made: executions make none (backend.py);
- `Environment.heap` and `stack`: every environment has its own;
- tables of characters and URLs: never changed.

What this project keeps: the task tokens (cleared by interpreter.py), the services that patches use
(replaced by use_services and use_deliveries), and the patches themselves.
"""

import importlib

from .. import service_models
from ..durable import execution
from ..events import patches as events
from ..iam import patches as iam
from ..patching import PATCHES, apply_patches
from ..step_functions import patches as step_functions

MODULES = (service_models, execution, events, iam, step_functions)
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
