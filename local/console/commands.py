# SPDX-License-Identifier: MIT-0
"""The AWS CLI command for each action; the fields of a form fill in its arguments."""

import json
import shlex
from dataclasses import dataclass

from ..endpoint.endpoint import Endpoint


@dataclass(frozen=True)
class TypedArgument:
    """An argument of a command that comes from fields of the form: forms.js puts it in.

    Args:
        option: what is before it; may be empty
        field: the name of the field
        parameter: its name in the API, if it is not the field's
        members: instead of one field, the members of a JSON object, each with its field
        is_optional: whether it is left out while the fields are empty
    """

    option: str
    field: str = ""
    parameter: str = ""
    members: tuple[tuple[str, str], ...] = ()
    is_optional: bool = False

    @property
    def text(self) -> str:
        """The argument as a reader without scripts sees it."""
        name = self.field or ",".join(key for key, _ in self.members)
        text = f"{self.option} {name.upper()}".strip()
        return f"[{text}]" if self.is_optional else text


# Of the fields of an error and its cause, as Step Functions and as Lambda's durable API take them.
FAILURE = (
    TypedArgument("--error", "error", is_optional=True),
    TypedArgument("--cause", "cause", is_optional=True),
)
ERROR_OBJECT = TypedArgument(
    "--error", members=(("ErrorType", "error"), ("ErrorMessage", "cause")), is_optional=True
)


# For the option of a blob, with `with_input`. Both versions of the CLI take a file as it is; of an
# argument, version 2 wants base64.
STANDARD_INPUT = "fileb:///dev/stdin"


@dataclass(frozen=True)
class ShownCommand:
    """A command of which parts are typed; spaces separate the parts."""

    parts: tuple[str | TypedArgument, ...]

    @property
    def text(self) -> str:
        return " ".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def for_script(self) -> str:
        """The parts as JSON."""
        return json.dumps(self.parts, default=vars)


def with_input(typed: TypedArgument, command: ShownCommand) -> ShownCommand:
    """The command with what is typed as its standard input."""
    return ShownCommand(("printf %s", typed, "|", *command.parts))


def aws_command(
    endpoint: Endpoint, service: str, operation: str, *typed: TypedArgument, **options: str
) -> ShownCommand:
    """The command, with an option for each argument that is not empty.

    Args:
        typed: the arguments that come from the form
        options: the others, by their names with underscores; one in capitals is a placeholder
    """
    parts = ["aws", "--endpoint-url", endpoint.url, service, operation]
    for name, value in options.items():
        if value:
            parts += [f"--{name.replace('_', '-')}", shlex.quote(value)]
    return ShownCommand((" ".join(parts), *typed))
