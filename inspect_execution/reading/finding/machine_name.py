# SPDX-License-Identifier: MIT-0
"""A state machine by its ARN, or by its name in a Region."""

import re
from dataclasses import dataclass

from ...errors import InspectError, InvalidArgument
from ...text import printable
from ..aws_api import AwsApi

# https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
_ARN = re.compile(
    r"arn:[a-z-]+:states:([a-z0-9-]+):\d{12}:stateMachine:[^\s:]{1,80}(:[^\s:]{1,80})?"
)
_NAME = re.compile(r"[^\s:/<>{}\[\]?*\"#%\\^|~`$&,;]{1,80}")


@dataclass(frozen=True)
class MachineName:
    """A state machine's ARN or name."""

    text: str
    region: str

    @classmethod
    def parse(cls, text: str, region: str | None) -> "MachineName":
        """Parse an ARN, with or without a version or an alias, or a name.

        Args:
            region: where a name is looked for; None if it is not known. An ARN has its own.

        Raises:
            InvalidArgument: the text is neither, or the Region of a name is not known
        """
        arn = _ARN.fullmatch(text)
        if arn:
            return cls(text, arn[1])
        if not _NAME.fullmatch(text):
            raise InvalidArgument(
                "--waiting and --failed need a state machine's ARN or name, "
                f"got {printable(text) or 'an empty text'}"
            )
        if region is None:
            raise InvalidArgument(
                f"{printable(text)}: a state machine's name needs --region or AWS_REGION"
            )
        return cls(text, region)

    def arn(self, api: AwsApi) -> str:
        """The state machine's ARN.

        Raises:
            ApiCallFailed: the state machines cannot be listed
            InspectError: none has this name
        """
        if ":" in self.text:
            return self.text
        machines = api.state_machines()
        found = (str(each["stateMachineArn"]) for each in machines if each["name"] == self.text)
        arn = next(found, None)
        if arn is None:
            raise InspectError(f"no state machine is named {printable(self.text)} at {api.where}")
        return arn
