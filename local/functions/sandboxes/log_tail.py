# SPDX-License-Identifier: MIT-0
"""The tail of an invocation's log, as large as Invoke returns it."""

# Of what Invoke returns with a LogType of Tail.
LOG_TAIL_BYTES = 4096


class LogTail:
    """The last events of a log, of which all but the first fit into the tail."""

    def __init__(self) -> None:
        # No deque: another thread may read it meanwhile.
        self._events: list[str] = []
        self._size = 0

    @property
    def events(self) -> tuple[str, ...]:
        return tuple(self._events)

    def append(self, event: str) -> None:
        self._events.append(event)
        self._size += _size(event)
        while self._size - _size(self._events[0]) >= LOG_TAIL_BYTES:
            self._size -= _size(self._events.pop(0))


def _size(event: str) -> int:
    # With the line break after it.
    return len(event.encode()) + 1
