# SPDX-License-Identifier: MIT-0
"""`--waiting`: what the running executions of a state machine wait for."""

import json
from concurrent.futures import ThreadPoolExecutor

from rich.console import Console

from ..errors import ApiCallFailed, InspectError
from ..json_document.waiting_document import waiting_document
from ..model.execution_view import ExecutionView, build_view
from ..model.prices import Prices
from ..model.waiting_list import WaitingList, waiting_list
from ..reading.aws_api import AwsApi
from ..reading.execution_arn import ExecutionArn
from ..reading.finding.listed_executions import MAX_RUNNING, running_executions
from ..reading.finding.machine_name import MachineName
from ..reading.recorder import record_execution
from ..terminal.waiting_report import render_waiting
from ..text import count
from .arguments import Options

EXECUTIONS_AT_ONCE = 4


def show_waiting(api: AwsApi, options: Options, console: Console) -> None:
    """Print the list, as a report or as JSON.

    Raises:
        InspectError: the executions cannot be listed
    """
    assert isinstance(options.named, MachineName)
    waiting = read_waiting(api, options.named, options.limit)
    if options.json:
        print(json.dumps(waiting_document(waiting), indent=2), flush=True)
    else:
        console.print(render_waiting(waiting), soft_wrap=True)


def read_waiting(api: AwsApi, machine: MachineName, limit: int) -> WaitingList:
    """Read the oldest running executions of a state machine.

    Args:
        limit: how many

    Raises:
        InspectError: the state machine is not there, or its executions cannot be listed
    """
    arn = machine.arn(api)
    running = running_executions(api, arn)
    omissions = []
    if not running.is_complete:
        omissions.append(f"running executions older than the newest {MAX_RUNNING:,}")
    if len(running.arns) > limit:
        left_out = count(len(running.arns) - limit, "younger running execution")
        omissions.append(f"{left_out}: --limit N reads more")
    with ThreadPoolExecutor(EXECUTIONS_AT_ONCE) as pool:
        read = list(pool.map(lambda each: _read(api, each), running.arns[:limit]))
    omissions += [each for each in read if isinstance(each, str)]
    views = [each for each in read if isinstance(each, ExecutionView)]
    return waiting_list(arn, views, omissions)


def _read(api: AwsApi, arn: str) -> ExecutionView | str:
    """The view of an execution, or why it could not be read."""
    try:
        return build_view(record_execution(api, ExecutionArn.parse(arn)), Prices())
    except (ApiCallFailed, InspectError) as error:
        return str(error)
