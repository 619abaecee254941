# SPDX-License-Identifier: MIT-0
"""Patches of the context object: when its state was entered."""

from typing import Any

from moto.stepfunctions.parser.asl.component.state import state

from ...patching import replacing
from ..execution import iso_milliseconds
from ..services import services


@replacing(
    state,
    "StateData",
    gap="EnteredTime is the machine's time, in another format than the service's.",
    probe="entered_time_has_another_format",
)
def _state_data(Name: str, **_: Any) -> dict[str, Any]:  # noqa: N803 (moto calls it by keyword)
    return {"Name": Name, "EnteredTime": iso_milliseconds(services().now())}
