# SPDX-License-Identifier: MIT-0
"""The reading of the execution that the command line names, once or again and again."""

from collections.abc import Callable, Iterator

from ..histories.recording import Recording
from ..model.execution_view import ExecutionView, build_view
from ..reading.aws_api import AwsApi
from ..reading.execution_arn import ExecutionArn
from ..reading.finding.durable_arn import DurableArn
from ..reading.finding.listed_executions import failed_executions
from ..reading.finding.machine_name import MachineName
from ..reading.finding.starting_execution import record_with_starter
from ..reading.recorder import record_durable_execution, record_execution
from ..text import printable
from .arguments import Options
from .history_files import write_histories

Read = Callable[[], ExecutionView]
MAX_EARLIER_FAILURES = 5


def reader(api: AwsApi, options: Options) -> Read:
    """A function that reads the execution anew with each call.

    Raises:
        InspectError: the execution cannot be found
    """
    named = options.named
    if isinstance(named, DurableArn):
        return _reader_with_starter(api, named, options)
    if isinstance(named, MachineName):
        latest = failed_executions(api, named.arn(api), 1)[0]
        named = ExecutionArn.parse(str(latest["executionArn"]))
    return lambda: _view(record_execution(api, named, handler_logs=True), options)


def _reader_with_starter(api: AwsApi, named: DurableArn, options: Options) -> Read:
    """A reader that looks once for the execution that started the durable execution."""
    found: list[Recording] = []

    def read() -> ExecutionView:
        if not found:
            found.append(record_with_starter(api, named))
            return _view(found[0], options)
        if found[0].is_durable_alone:
            return _view(record_durable_execution(api, named.text), options)
        arn = ExecutionArn.parse(str(found[0].execution["executionArn"]))
        return _view(record_execution(api, arn, handler_logs=True), options)

    return read


def _view(recording: Recording, options: Options) -> ExecutionView:
    """The view of a recording, whose durable executions are written to files if that is asked for.

    Raises:
        InspectError: a file cannot be written
    """
    view = build_view(recording, options.prices)
    if options.record:
        correlated = {each.arn for each in view.correlations}
        own = [
            each
            for each in recording.durable
            if each.arn in correlated or recording.is_durable_alone
        ]
        write_histories(own, options.record)
    return view


def earlier_failures(api: AwsApi, options: Options) -> Iterator[str]:
    """Lines about the failed executions before the latest, if the latest was asked for."""
    if not isinstance(options.named, MachineName):
        return
    failed = failed_executions(api, options.named.arn(api), MAX_EARLIER_FAILURES + 1)
    if len(failed) > 1:
        yield "\nEarlier failures"
    for each in failed[1:]:
        ended = each.get("stopDate") or each["startDate"]
        at = ended.isoformat(sep=" ", timespec="seconds")
        yield f"  {at}  {each['status']}  {printable(str(each['executionArn']), 400)}"
