# SPDX-License-Identifier: MIT-0
"""Events of both services' histories, as boto3 returns them.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
https://docs.aws.amazon.com/lambda/latest/api/API_Event.html
"""

from typing import Any

StatesEvent = dict[str, Any]
DurableEvent = dict[str, Any]


def event_type(event: StatesEvent) -> str:
    return str(event["type"])


def event_details(event: StatesEvent) -> dict[str, Any]:
    """The details of a Step Functions event: everything except its id, type and time."""
    found = (value for key, value in event.items() if key.endswith("EventDetails"))
    details = next(found, None)
    return details if isinstance(details, dict) else {}


def durable_event_type(event: DurableEvent) -> str:
    return str(event.get("EventType", "?"))


def durable_event_details(event: DurableEvent) -> dict[str, Any]:
    """The details of a durable execution's event: everything except its id, name, type and time."""
    details = event.get(f"{durable_event_type(event)}Details")
    return details if isinstance(details, dict) else {}


def durable_error(error: Any) -> str:
    """A durable execution's error as one text: its type and its message."""
    if not isinstance(error, dict):
        return ""
    return ": ".join(str(error[key]) for key in ("ErrorType", "ErrorMessage") if error.get(key))
