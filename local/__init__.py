# SPDX-License-Identifier: MIT-0
"""AWS on one machine: the pattern, run from the very assembly that would be deployed."""

import sys
from types import ModuleType

# moto's interpreter imports its Batch, which imports its EC2, which takes longer than all the
# rest. Tasks of Batch are refused here (definition.py): a class of that name is enough.
_BATCH = (
    "moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_batch"
)
_batch = ModuleType(_BATCH)
vars(_batch)["StateTaskServiceBatch"] = type("StateTaskServiceBatch", (), {})
sys.modules.setdefault(_BATCH, _batch)
