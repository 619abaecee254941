# SPDX-License-Identifier: MIT-0
"""Why an execution ends without its result, under one name on both sides."""

import json
from dataclasses import dataclass
from typing import Any

from aws_durable_execution_sdk_python.exceptions import StepError

# Limits of SendTaskFailure, in characters:
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html
MAX_NAME_CHARACTERS = 256
MAX_MESSAGE_CHARACTERS = 32_768
# A checkpoint takes an error of 32,768 bytes as JSON, its name included.
MAX_CHECKPOINT_BYTES = 30_000
MAX_SHOWN_CHARACTERS = 100
_MISSING = object()


class InvalidInput(ValueError):
    """The event breaks a rule. The message names the field, the rule and the value."""

    @classmethod
    def event(cls, event: Any) -> "InvalidInput":
        """For an event that is no object. Its value may hold a task token and is not shown."""
        return cls(f"event must be a JSON object, got {type(event).__name__}")

    @classmethod
    def field(cls, event: dict[str, Any], name: str, rule: str) -> "InvalidInput":
        """For a field of the event; what was found there is shown, cut to size."""
        found = event.get(name, _MISSING)
        shown = "nothing" if found is _MISSING else json.dumps(found)[:MAX_SHOWN_CHARACTERS]
        return cls(f"{name} must be {rule}, got {shown}")


class UndeliveredSuccess(Exception):
    """The work is done, and the state machine could not be told although it still waits."""


@dataclass(frozen=True)
class Failure:
    """The name and the message of the error that ended the work."""

    name: str
    message: str

    @classmethod
    def of(cls, error: Exception, secret: str = "") -> "Failure":
        """The failure that an error is, within Step Functions' limits and without the secret.

        A step's error carries a qualified name: `orders.OutOfStock` is `OutOfStock` to a Catch
        in the state machine, which should not know our modules.
        """
        name = error.error_type if isinstance(error, StepError) else type(error).__name__
        # Before it is cut: half a secret would not be recognized any more.
        message = str(error).replace(secret, "[task token]") if secret else str(error)
        return cls(
            name=name.rsplit(".", 1)[-1][:MAX_NAME_CHARACTERS],
            message=message[:MAX_MESSAGE_CHARACTERS],
        )

    def fitted(self) -> "Failure":
        """Cut to what a checkpoint takes; a longer error would fail the whole execution."""
        message = self.message
        while len(json.dumps(message)) > MAX_CHECKPOINT_BYTES:
            message = message[: len(message) * 3 // 4]
        return Failure(self.name, message)

    def exception(self) -> Exception:
        """What ends a step or a durable execution with this very failure.

        The SDK records the qualified name of the exception's class, and for built-in
        exceptions the name alone: so this class passes for a built-in one.
        """
        failure_type = type(self.name, (Exception,), {"__module__": "builtins"})
        exception: Exception = failure_type(self.message)
        return exception
