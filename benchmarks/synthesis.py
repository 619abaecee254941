# SPDX-License-Identifier: MIT-0
"""How long the app takes to synthesize, with the layer to build and with the layer there."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from local.assembly import PROJECT, synthesize
from local.errors import LocalError

from .report import Table, ratio

FIRST_RUNS, LATER_RUNS = 3, 5
FIRST, LATER = "cdk.out is empty: pip builds the layer", "the layer is in cdk.out"
CACHE_NOTE = "What pip has in its cache it need not fetch: at the very first, it takes longer."


def figures() -> Iterator[Table]:
    # What is there already is not counted, and if it is not, it is made.
    synthesize(PROJECT / "cdk.out")
    later = [_seconds(PROJECT / "cdk.out") for _ in range(LATER_RUNS)]
    try:
        first = [_first_seconds() for _ in range(FIRST_RUNS)]
    except LocalError as error:
        # The network is what it needs most, and what may be missing.
        yield table(later, [], f"Without a layer there it could not be synthesized: {error}.")
    else:
        yield table(later, first, CACHE_NOTE)


def table(later: list[float], first: list[float], note: str) -> Table:
    """The medians, in seconds, and both as a ratio to the later ones."""
    measured = {FIRST: first, LATER: later}
    rows = (
        (what, str(len(taken)), f"{median(taken):.1f}", ratio(median(taken), median(later)))
        for what, taken in measured.items()
        if taken
    )
    return Table(("`python app.py`", "runs", "median seconds", "ratio"), tuple(rows), (note,))


def _first_seconds() -> float:
    with tempfile.TemporaryDirectory() as directory:
        return _seconds(Path(directory) / "cdk.out")


def _seconds(outdir: Path) -> float:
    started = time.monotonic()
    synthesize(outdir)
    return time.monotonic() - started
