# SPDX-License-Identifier: MIT-0
"""All patches of the libraries that an endpoint runs on, registered by the import of their modules.

What moto keeps in the process, and so in every endpoint of it: the backends (reset when an endpoint
begins), the task tokens (cleared by local/step_functions/interpreter.py), and the services that
patches use (replaced by use_services and use_invoker).
"""

from ..durable import execution
from ..events import patches as events
from ..iam import patches as iam
from ..patching import PATCHES, apply_patches
from ..step_functions import patches as step_functions

MODULES = (execution, events, iam, step_functions)

__all__ = ["MODULES", "PATCHES", "apply_patches"]
