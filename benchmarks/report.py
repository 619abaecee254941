# SPDX-License-Identifier: MIT-0
"""Figures as Markdown that reads well in a terminal too: `python -m benchmarks.report NAME`."""

import importlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

from local.__main__ import BROKEN_PIPE_STATUS, INTERRUPTED_STATUS
from local.errors import LocalError


@dataclass(frozen=True)
class Table:
    """Figures in rows, the first column says of what; and what there is to know of them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    def markdown(self) -> str:
        """The table, each column as wide as its widest cell, and a paragraph a note."""
        lines = (self.columns, *self.rows)
        widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
        rule = [f"{'-' * (width - 1)}:" for width in widths]
        rule[0] = "-" * widths[0]
        shown = [_line(cells, widths) for cells in (self.columns, tuple(rule), *self.rows)]
        return "\n\n".join(["\n".join(shown), *self.notes])


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    padded = [f"{first[0]:<{first[1]}}", *(f"{cell:>{width}}" for cell, width in others)]
    return f"| {' | '.join(padded)} |"


def ratio(one: float, other: float) -> str:
    """How many of the other fit into one: 0.32, 3.4, 1,200."""
    return f"{one / other:.2g}" if one < 10 * other else f"{one / other:,.0f}"


def show(name: str) -> int:
    """Measure the figures of one module, and print each table as soon as it is there.

    Raises:
        LocalError: they could not be measured
    """
    # Only here: importing the engines takes long enough to be interrupted.
    for table in importlib.import_module(f"benchmarks.{name}").figures():
        print(f"{table.markdown()}\n", flush=True)
    return 0


def status_of(do: Callable[[], int]) -> int:
    """The exit status of doing it, whatever happens: no traceback reaches the user."""
    try:
        return do()
    except LocalError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return error.status
    except KeyboardInterrupt:
        return INTERRUPTED_STATUS
    except BrokenPipeError:
        # Whoever read the output has enough: there is nobody to tell, and nothing to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE_STATUS


if __name__ == "__main__":
    # Not sys.exit: after an interrupt within an exec(), Python would end by the signal.
    ended = status_of(lambda: show(sys.argv[1]))
    sys.stdout.flush()
    os._exit(ended)
