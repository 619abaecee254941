# SPDX-License-Identifier: MIT-0
"""Step Functions: moto's interpreter with the service's own rules, JSONata and task tokens.

Imports clocks, errors, service_models, patching, environment and retention.
"""

import sys
from types import ModuleType

from ..patching import apply_patches, setting

_BATCH = (
    "moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_batch"
)
_batch = ModuleType(_BATCH)
# Tasks of Batch are refused here (definition.py): a class of that name is enough.
vars(_batch)["StateTaskServiceBatch"] = type("StateTaskServiceBatch", (), {})
setting(
    sys.modules,
    _BATCH,
    sys.modules.get(_BATCH, _batch),
    gap="The interpreter imports moto's Batch, which imports its EC2, which takes longer than all "
    "the rest.",
    probe="interpreter_imports_ec2",
)
# At once: what imports the interpreter here comes after this.
apply_patches()
