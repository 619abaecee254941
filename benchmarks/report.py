# SPDX-License-Identifier: MIT-0
"""Figures as Markdown that reads well in a terminal too: `python -m benchmarks.report NAME`."""

import importlib
import sys
from dataclasses import dataclass

from inspect_execution.program import run_program


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


def print_figures(name: str) -> int:
    """Measure the figures of one module, and print each table as soon as it is there.

    Raises:
        LocalError: they could not be measured
    """
    # Only here: importing the engines takes long enough to be interrupted.
    for table in importlib.import_module(f"benchmarks.{name}").figures():
        print(f"{table.markdown()}\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(run_program("benchmarks", lambda: print_figures(sys.argv[1])))
