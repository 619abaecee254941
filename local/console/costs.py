# SPDX-License-Identifier: MIT-0
"""The cost estimates of a list of executions: each is made from a whole history."""

import threading
import time
from collections.abc import Callable, Iterable

from inspect_execution.reading.aws_api import AwsApi

from .view import record_by_arn, view_of

# Of one request for estimates: a page asks again for those that are still missing.
BUDGET_SECONDS = 0.5


class Costs:
    """Estimates, each made once after the end of its execution."""

    def __init__(self, new_api: Callable[[], AwsApi]) -> None:
        self._new_api = new_api
        self._known: dict[str, str] = {}
        # One estimate at a time: executions need this machine's processors more.
        self._making = threading.Lock()

    def known(self, arn: str) -> str:
        """The estimate in US dollars, if it has been made."""
        return self._known.get(arn, "")

    def of(self, arns: Iterable[str]) -> dict[str, str]:
        """The estimates that are known, and those that can be made within the budget."""
        found: dict[str, str] = {}
        deadline = time.monotonic() + BUDGET_SECONDS
        with self._making:
            for arn in arns:
                if arn not in self._known and time.monotonic() > deadline:
                    break
                found[arn] = self._known.get(arn) or self._make(arn)
        return found

    def _make(self, arn: str) -> str:
        view = view_of(record_by_arn(self._new_api(), arn, handler_logs=False))
        estimate = f"${view.cost.total:.6f}"
        if not view.is_running:
            self._known[arn] = estimate
        return estimate
