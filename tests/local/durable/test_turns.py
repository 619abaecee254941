# SPDX-License-Identifier: MIT-0
"""Turns: how many calls work at once, and which is next."""

import threading

import pytest

from local.functions.turns import Turns

from ...support.stacks.scenario import wait_until


class Workers:
    """Threads that each take a turn, and note their names when they have it."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._threads: list[threading.Thread] = []
        self.served: list[str] = []

    def arrive(self, name: str, *, is_new: bool) -> None:
        """Let one come, and return once it waits."""

        def work() -> None:
            with self._turns.taken(is_new=is_new):
                self.served.append(name)

        self._threads.append(threading.Thread(target=work))
        self._threads[-1].start()
        wait_until(lambda: len(self._turns._waiting) == len(self._threads), f"{name} to wait")

    def join(self) -> None:
        for thread in self._threads:
            thread.join(timeout=10)


def test_work_that_has_begun_goes_first_and_else_the_order_is_that_of_arrival() -> None:
    turns = Turns(1)
    workers = Workers(turns)
    with turns.taken(is_new=True):
        workers.arrive("new 1", is_new=True)
        workers.arrive("new 2", is_new=True)
        workers.arrive("begun 1", is_new=False)
        workers.arrive("begun 2", is_new=False)
        assert workers.served == []
    workers.join()

    assert workers.served == ["begun 1", "begun 2", "new 1", "new 2"]


def test_a_place_is_free_again_after_work_that_fails() -> None:
    turns = Turns(2)
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"), turns.taken(is_new=True):
            raise ValueError("broken")

    with turns.taken(is_new=True), turns.taken(is_new=True):
        assert turns._free == 0
    assert turns._free == 2
