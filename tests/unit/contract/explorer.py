# SPDX-License-Identifier: MIT-0
"""Depth-first search of all states that events can lead to, with every choice on the way."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

S = TypeVar("S", bound=Hashable)
T = TypeVar("T")


class Violation(Exception):
    """A rule of the contract is broken. The message names the rule."""


class Choices:
    """The choices of one event: first those of a list, then always the first option."""

    def __init__(self, taken: Sequence[int]) -> None:
        self._taken = taken
        self._counts: list[int] = []
        self.names: list[str] = []

    def pick(self, options: Sequence[T]) -> T:
        """One of the options; another run of the event takes another."""
        position = len(self._counts)
        self._counts.append(len(options))
        chosen = options[self._taken[position] if position < len(self._taken) else 0]
        self.names.append(str(chosen))
        return chosen

    def untried(self) -> Iterator[tuple[int, ...]]:
        """The lists of choices that branch off this one behind those that it was given."""
        for position in range(len(self._taken), len(self._counts)):
            zeros = (0,) * (position - len(self._taken))
            for other in range(1, self._counts[position]):
                yield (*self._taken, *zeros, other)


def every_outcome(event: str, run: Callable[[Choices], T]) -> Iterator[tuple[str, T]]:
    """What an event can lead to, each with the event's name and the choices.

    Raises:
        Violation: a rule is broken; with that name
    """
    untried: list[tuple[int, ...]] = [()]
    while untried:
        choices = Choices(untried.pop())
        try:
            outcome = run(choices)
        except Violation as violation:
            raise Violation(f"{violation}\n  {event}: {', '.join(choices.names)}") from None
        untried.extend(choices.untried())
        yield f"{event}: {', '.join(choices.names)}", outcome


@dataclass(frozen=True)
class Explored:
    """How much was explored."""

    states: int
    transitions: int


def explore(initial: Iterable[S], successors: Callable[[S], Iterable[tuple[str, S]]]) -> Explored:
    """Visit every state that can be reached, each once.

    Raises:
        Violation: a rule is broken; with the events that lead there
    """
    came_from: dict[S, tuple[S, str] | None] = dict.fromkeys(initial)
    stack, transitions = list(came_from), 0
    while stack:
        state = stack.pop()
        try:
            for name, following in successors(state):
                transitions += 1
                if following not in came_from:
                    came_from[following] = state, name
                    stack.append(following)
        except Violation as violation:
            rule, _, last = str(violation).partition("\n")
            raise Violation("\n  ".join([rule, *_way(state, came_from), last.strip()])) from None
    return Explored(len(came_from), transitions)


def _way(state: S, came_from: dict[S, tuple[S, str] | None]) -> list[str]:
    names = []
    step = came_from[state]
    while step is not None:
        names.append(step[1])
        step = came_from[step[0]]
    return names[::-1]
