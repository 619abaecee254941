# SPDX-License-Identifier: MIT-0
"""The error that ends an execution, with the same name in Lambda and in Step Functions."""

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
        """Describe an event that is no object, without its value: it may hold a task token."""
        return cls(f"event must be a JSON object, got {type(event).__name__}")

    @classmethod
    def field(cls, event: dict[str, Any], name: str, rule: str) -> "InvalidInput":
        """Describe a field of the event, with the first characters of its value."""
        found = event.get(name, _MISSING)
        shown = "nothing" if found is _MISSING else json.dumps(found)[:MAX_SHOWN_CHARACTERS]
        return cls(f"{name} must be {rule}, got {shown}")


@dataclass(frozen=True)
class Failure:
    """The name and the message of the error that ended the work."""

    name: str
    message: str

    @classmethod
    def of(cls, error: Exception, secret: str = "") -> "Failure":
        """Convert an error, within Step Functions' limits and without the secret.

        The error of a step has a qualified name, `orders.OutOfStock`. A Catch of the state
        machine should not depend on modules, so the failure is named `OutOfStock`.
        """
        name = error.error_type if isinstance(error, StepError) else type(error).__name__
        # Replaced before the message is cut: nothing would recognize half a secret.
        message = str(error).replace(secret, "[task token]") if secret else str(error)
        return cls(
            name=name.rsplit(".", 1)[-1][:MAX_NAME_CHARACTERS],
            message=message[:MAX_MESSAGE_CHARACTERS],
        )

    def fitted(self) -> "Failure":
        """Cut the message to the size of a checkpoint; a longer one would fail the execution."""
        message = self.message
        while len(json.dumps(message)) > MAX_CHECKPOINT_BYTES:
            message = message[: len(message) * 3 // 4]
        return Failure(self.name, message)

    def exception(self) -> Exception:
        """Make the exception that ends a step or a durable execution with this name and message.

        The SDK records the qualified name of an exception's class, but the bare name of a
        built-in one. The class made here therefore claims to be built in.
        """
        failure_type = type(self.name, (Exception,), {"__module__": "builtins"})
        exception: Exception = failure_type(self.message)
        return exception
