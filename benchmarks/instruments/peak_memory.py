# SPDX-License-Identifier: MIT-0
"""The peak memory of this process."""

import re
import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")
# getrusage(2): Linux counts in KiB, macOS in bytes.
UNIT_BYTES = 1 if sys.platform == "darwin" else 1024


def peak_bytes() -> int:
    """The most memory that was resident since this program began.

    On Linux not of getrusage: there, a process begins with the peak of the one that started it.
    """
    if STATUS.exists():
        [kibibytes] = re.findall(r"^VmHWM:\s+(\d+) kB$", STATUS.read_text(), re.MULTILINE)
        return int(kibibytes) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT_BYTES
