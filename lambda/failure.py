# SPDX-License-Identifier: MIT-0
"""Why an execution ends without its result, under one name on both sides."""

import json
from dataclasses import dataclass
from typing import Any

from aws_durable_execution_sdk_python.exceptions import StepError

MAX_SHOWN_CHARACTERS = 100


class InvalidInput(ValueError):
    """The event breaks a rule. The message names the field, the rule and the value."""

    @classmethod
    def at(cls, field: str, rule: str, event: Any) -> "InvalidInput":
        """For a field of the event; whatever was found there is shown, cut to size."""
        found = event if field == "event" else event.get(field, _MISSING)
        shown = "nothing" if found is _MISSING else json.dumps(found)[:MAX_SHOWN_CHARACTERS]
        return cls(f"{field} must be {rule}, got {shown}")


_MISSING = object()


@dataclass(frozen=True)
class Failure:
    """The name and the message of the error that ended the work."""

    name: str
    message: str

    @classmethod
    def of(cls, error: StepError | InvalidInput) -> "Failure":
        # Both wrap what matters in a qualified name: `orders.OutOfStock` is `OutOfStock` to
        # a Catch in the state machine, which should not know our modules.
        name = error.error_type if isinstance(error, StepError) else type(error).__name__
        return cls(name=name.rsplit(".", 1)[-1], message=str(error))

    def exception(self) -> Exception:
        """What a handler raises to end its durable execution with this very failure.

        The SDK records the qualified name of the exception's class, and for built-in
        exceptions the name alone: so this class passes for a built-in one.
        """
        failure_type = type(self.name, (Exception,), {"__module__": "builtins"})
        exception: Exception = failure_type(self.message)
        return exception
