# SPDX-License-Identifier: MIT-0
"""The most memory that this process has had."""

import resource
import sys

# getrusage(2): Linux counts in KiB, macOS in bytes.
UNIT_BYTES = 1 if sys.platform == "darwin" else 1024


def peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT_BYTES
