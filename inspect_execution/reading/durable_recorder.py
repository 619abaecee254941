# SPDX-License-Identifier: MIT-0
"""The recording of durable executions: those that tasks name, and those that tasks may have
started.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from ..errors import ApiCallFailed
from ..histories.correlation import start_window
from ..histories.durable_history import bytes_written, function_and_version
from ..histories.lambda_tasks import LambdaTask
from ..histories.recording import DurableRecord, tokens_in
from ..text import count
from .aws_api import AwsApi
from .omissions import Omissions
from .redaction import Redaction

CALLS_AT_ONCE = 8
# Each takes two calls or more, and Lambda throttles a client that makes very many.
MAX_DURABLE_EXECUTIONS = 500
# The executions of one function that are read to find those of its tasks.
MAX_CANDIDATES = 100


@dataclass(frozen=True)
class DurableRecorder:
    """Records the durable executions of an execution's tasks."""

    api: AwsApi
    redaction: Redaction
    now: datetime
    omissions: Omissions
    # The inputs of the durable executions: they may hold tokens of other executions.
    payloads: list[Any] = field(default_factory=list)

    def records(self, tasks: list[LambdaTask]) -> Iterator[DurableRecord]:
        """The durable executions that response headers name, then those that other tasks may have
        started.
        """
        named = dict.fromkeys(t.durable_execution_arn for t in tasks if t.durable_execution_arn)
        others = self._candidates([task for task in tasks if not task.durable_execution_arn])
        arns = [*named, *(arn for arn in others if arn not in named)]
        if len(arns) > MAX_DURABLE_EXECUTIONS:
            beyond = count(len(arns) - MAX_DURABLE_EXECUTIONS, "durable execution")
            self.omissions.add(f"{beyond} beyond the first {MAX_DURABLE_EXECUTIONS}")
        with ThreadPoolExecutor(CALLS_AT_ONCE) as pool:
            yield from pool.map(self.record, arns[:MAX_DURABLE_EXECUTIONS])

    def _candidates(self, tasks: list[LambdaTask]) -> list[str]:
        found: dict[str, None] = {}
        by_function: dict[str, list[LambdaTask]] = {}
        for task in tasks:
            by_function.setdefault(task.function, []).append(task)
        for function, of_function in by_function.items():
            limit = MAX_CANDIDATES + len(of_function)
            read = partial(self._started_with, function, of_function, limit + 1)
            listed: list[str] = self.omissions.read(read, [])
            if len(listed) > limit:
                self.omissions.add(f"durable executions of {function} beyond the first {limit}")
            found |= dict.fromkeys(listed[:limit])
        return list(found)

    def _started_with(self, function: str, tasks: list[LambdaTask], limit: int) -> list[str]:
        """The durable executions of a function that began while one of its tasks ran."""
        windows = [start_window(task, self.now) for task in tasks]
        window = min(start for start, _ in windows), max(end for _, end in windows)
        listing = self.api.durable_executions(function, window)
        return [str(each["DurableExecutionArn"]) for each in islice(listing, limit)]

    def record(self, arn: str) -> DurableRecord:
        """Record one durable execution."""
        read = self.omissions.read
        details: dict[str, Any] = read(lambda: self.api.durable_execution(arn), {})
        events: list[dict[str, Any]] = read(lambda: self.api.durable_history(arn), [])
        redaction = self.redaction
        payload = details.get("InputPayload", "")
        if not tokens_in(str(redaction.apply(payload))):
            redaction = redaction.also(payload)
            self.payloads.append(payload)
        dated = [event for event in events if "EventTimestamp" in event]
        if len(dated) < len(events):
            undated = count(len(events) - len(dated), "event")
            self.omissions.add(f"{undated} of {arn}: without a time")
        clean: list[dict[str, Any]] = redaction.apply(dated)
        taken_out = bytes_written(dated)[0] - bytes_written(clean)[0]
        return DurableRecord(arn, redaction.apply(details), clean, taken_out)

    def functions(self, durable: list[DurableRecord]) -> dict[str, dict[str, Any]]:
        """The configuration of each function version with a durable execution, by its ARN."""
        versions = sorted({record.arn.split("/")[0] for record in durable})
        return {arn: found for arn in versions if (found := self._configuration(arn))}

    def durability(
        self, tasks: list[LambdaTask], durable: Sequence[DurableRecord]
    ) -> dict[str, bool]:
        """Whether each function that a task invokes is durable, by its name; without those whose
        configuration cannot be read.
        """
        found = {function_and_version(record.arn)[0]: True for record in durable}
        for function in sorted({task.function for task in tasks} - found.keys()):
            # It decides no more than the wording of an omission: a failure is none of its own.
            with suppress(ApiCallFailed):
                configuration = self.api.function_configuration(function)
                found[function] = bool(configuration.get("DurableConfig"))
        return found

    def _configuration(self, version_arn: str) -> dict[str, Any]:
        function, version = function_and_version(version_arn + "/durable-execution/-/-")
        name = f"{function}:{version}" if version else function
        return self.omissions.read(partial(self.api.function_configuration, name), {})
