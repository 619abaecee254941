# SPDX-License-Identifier: MIT-0
"""The view of one durable execution by itself, such as one that was invoked by hand."""

from ...errors import InspectError
from ...histories.durable_history import read_durable_history
from ...histories.execution_history import read_execution_history
from ...histories.recording import Recording
from ..cost_estimate import estimate_cost
from ..durable_timeline import durable_rows
from ..event_table import event_rows
from ..execution_view import ExecutionView
from ..prices import Prices
from ..summary import summaries
from ..time_axis import time_axis
from ..timeline import last_times, time_spans
from ..waits.durable_waits import durable_waits


def build_durable_view(recording: Recording, prices: Prices) -> ExecutionView:
    """Build the view of the recording of a durable execution.

    Raises:
        InspectError: its history has no beginning
    """
    [record] = recording.durable
    durable = read_durable_history(record)
    if durable is None:
        raise InspectError(f"the history of {record.arn} cannot be read")
    rows = tuple(durable_rows(durable, (), ()))
    now = max([recording.read_at, durable.started, *last_times(rows)])
    history = read_execution_history([], "")
    error = record.details.get("Error") or {}
    waits = durable_waits(durable)
    shown = {
        "status": str(record.details.get("Status", "")),
        "startDate": durable.started,
        "error": error.get("ErrorType"),
        "cause": error.get("ErrorMessage"),
    }
    return ExecutionView(
        arn=record.arn,
        state_machine=f"{durable.function}:{durable.version}",
        name=str(record.details.get("DurableExecutionName", "")),
        status=durable.status,
        started=durable.started,
        ended=durable.ended,
        now=now,
        input=durable.input,
        output=durable.result,
        error=str(error.get("ErrorType") or ""),
        cause=str(error.get("ErrorMessage") or ""),
        definition="",
        history=history,
        durable=(durable,),
        correlations=(),
        waits=tuple(waits),
        summaries=tuple(summaries(shown, "", waits, now)),
        rows=rows,
        events=tuple(event_rows(recording, history, [record])),
        axis=time_axis(durable.started, durable.ended or now, time_spans(rows, now)),
        cost=estimate_cost(
            history,
            [durable],
            other_requests=0,
            memory=recording.memory,
            prices=prices,
            unread=0,
        ),
        omissions=tuple(recording.omissions),
    )
