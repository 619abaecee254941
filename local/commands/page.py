# SPDX-License-Identifier: MIT-0
"""The view of both sides of an execution, while its endpoint is up."""

from pathlib import Path

from inspect_execution.command_line import page_path, write_page
from inspect_execution.errors import InspectError
from inspect_execution.model.execution_view import build_view
from inspect_execution.model.prices import Prices
from inspect_execution.reading.aws_api import AwsApi
from inspect_execution.reading.execution_arn import ExecutionArn
from inspect_execution.reading.recorder import record_execution

from ..endpoint.endpoint import Endpoint
from ..errors import LocalError, UsageError

HINT = """\
See it as one timeline: .venv/bin/python -m local run --html execution.html
One at `make serve` (with --endpoint-url URL) or in an account: \
.venv/bin/python -m inspect_execution EXECUTION_ARN"""


def parse_page_path(text: str | None) -> Path | None:
    """Where the page is to be written, if anywhere.

    Raises:
        UsageError: it cannot be written there
    """
    try:
        return None if text is None else page_path(text)
    except InspectError as error:
        raise UsageError(str(error)) from None


def write_view(endpoint: Endpoint, execution_arn: str, path: Path) -> None:
    """Write the page of an execution at the endpoint.

    Raises:
        LocalError: it cannot be written
    """
    reader = AwsApi(endpoint.client("stepfunctions"), endpoint.client("lambda"), endpoint.url)
    try:
        view = build_view(record_execution(reader, ExecutionArn.parse(execution_arn)), Prices())
        write_page(view, path)
    except InspectError as error:
        raise LocalError(str(error)) from None
