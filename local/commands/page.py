# SPDX-License-Identifier: MIT-0
"""The page of an execution, written while its endpoint is up.

What makes pages is imported where one is asked for: most runs have none.
"""

from collections.abc import Mapping
from pathlib import Path

from inspect_execution.errors import InspectError
from inspect_execution.histories.recording import Recording
from inspect_execution.model.execution_view import build_view
from inspect_execution.model.prices import Prices
from inspect_execution.reading.execution_arn import ExecutionArn
from inspect_execution.reading.recorder import record_execution

from ..endpoint.endpoint import Endpoint
from ..endpoint.reading import aws_api
from ..environment import PROJECT
from ..errors import LocalError

# The page of an execution that did not succeed, if --html names no other place.
FAILURE_PAGE = PROJECT / ".local" / "execution.html"
HINT = """\
To see an execution as one timeline, add --html FILE (make: HTML=FILE).
To see one at `make serve` (with --endpoint-url URL) or in an account: \
.venv/bin/python -m inspect_execution EXECUTION_ARN"""


def write_view(
    endpoint: Endpoint, execution_arn: str, log_groups: Mapping[str, str], path: Path
) -> None:
    """Write the page of an execution at the endpoint.

    Args:
        log_groups: the log groups to show, each with its function's name

    Raises:
        LocalError: it cannot be written
    """
    try:
        arn = ExecutionArn.parse(execution_arn)
        recording = record_execution(aws_api(endpoint), arn, log_groups)
    except InspectError as error:
        raise LocalError(str(error)) from None
    write_recording(recording, path)


def write_recording(recording: Recording, path: Path) -> None:
    """Write the page of a recorded execution.

    Raises:
        LocalError: it cannot be written
    """
    from inspect_execution.command_line.page_file import write_page

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_page(build_view(recording, Prices()), path)
    except OSError as error:
        raise LocalError(f"{path.parent} cannot be made: {error.strerror}") from None
    except InspectError as error:
        raise LocalError(str(error)) from None
