# SPDX-License-Identifier: MIT-0
"""The time that the app's synthesis takes, with the layer still to build and with it built."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from local.cloudformation.synthesis import synthesize
from local.environment import PROJECT
from local.errors import LocalError

from .report import Table, ratio

RUNS = 3
FIRST, LATER = "cdk.out is empty: pip builds the layer", "the layer is in cdk.out"
CACHE_NOTE = "What pip has in its cache it need not fetch: at the very first, it takes longer."


def figures() -> Iterator[Table]:
    try:
        # In pairs: what else the machine does is then the same for both.
        first, later = zip(*(_first_and_later() for _ in range(RUNS)), strict=True)
    except LocalError as error:
        # The network is what it needs most, and what may be missing.
        reason = f"Without a layer there it could not be synthesized: {error}."
        yield table((), tuple(_seconds(PROJECT / "cdk.out") for _ in range(RUNS)), reason)
    else:
        yield table(first, later, CACHE_NOTE)


def table(first: tuple[float, ...], later: tuple[float, ...], note: str) -> Table:
    """The medians, in seconds, and both as a ratio to the later ones."""
    measured = {FIRST: first, LATER: later}
    rows = (
        (what, str(len(taken)), f"{median(taken):.1f}", ratio(median(taken), median(later)))
        for what, taken in measured.items()
        if taken
    )
    return Table(("`python app.py`", "runs", "median seconds", "ratio"), tuple(rows), (note,))


def _first_and_later() -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as directory:
        outdir = Path(directory) / "cdk.out"
        return _seconds(outdir), _seconds(outdir)


def _seconds(outdir: Path) -> float:
    started = time.monotonic()
    synthesize(outdir)
    return time.monotonic() - started
