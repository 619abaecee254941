# SPDX-License-Identifier: MIT-0
"""Findings of definitions, as texts."""

import json
from typing import Any

from local.step_functions.validation.definition import check_definition

PROCESSOR = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}
LAMBDA = "arn:aws:states:::lambda:invoke"


def findings_of(states: dict[str, Any], **fields: Any) -> list[str]:
    """The findings of a machine that starts with the first state, unless it says otherwise."""
    machine = {"StartAt": next(iter(states)), "States": states, **fields}
    return [str(finding) for finding in check_definition(json.dumps(machine))]


def of_state(state: dict[str, Any]) -> list[str]:
    """The findings of a machine of one state, which ends unless it says otherwise."""
    return findings_of({"A": {"End": True, **state} if "End" not in state else state})
