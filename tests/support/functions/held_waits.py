# SPDX-License-Identifier: MIT-0
"""Time to act during a wait, where waits are skipped."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from local.endpoint.interception import operation_of

from ..stacks.patience import ON_THIS_MACHINE
from .waits import waits_begun

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

WAIT = "wait_for_fulfilment"
ASKS_HOW_IT_ENDED = {
    "DescribeExecution",
    "GetDurableExecution",
    "StopExecution",
    "StopDurableExecution",
}


class HeldWaits:
    """Holds the order's wait until a test asks how the execution ended, or stops it.

    So the same test acts during a wait of a real minute and during one that takes no time.
    """

    def __init__(self) -> None:
        self._asked = threading.Event()

    def intercept(self, request: Request, serve: Callable[[], "WSGIApplication"]) -> Any:
        """The endpoint's interception: see local/endpoint/gateway.py."""
        operation = operation_of(request)
        if operation in ASKS_HOW_IT_ENDED:
            answer = Response.from_app(serve(), request.environ, buffered=True)
            self._asked.set()
            return answer
        body: Any = request.get_json(force=True, silent=True) if request.get_data() else {}
        if WAIT not in waits_begun(operation, body or {}):
            return serve()
        answer = Response.from_app(serve(), request.environ, buffered=True)
        self._asked.clear()
        # With a deadline, as every wait: a test that fails asks for nothing more.
        self._asked.wait(ON_THIS_MACHINE.seconds)
        return answer
