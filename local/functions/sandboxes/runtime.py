# SPDX-License-Identifier: MIT-0
"""The entry point of a sandbox: it loads Lambda's runtime, and removes this project's modules.

Started by sandbox_process.py with nothing on its path but the standard library. A handler must not
be able to import anything that is not deployed with it.
"""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path

PROJECT = str(Path(__file__).resolve().parents[3])


def load_runtime(program: str) -> Callable[[], None]:
    """The program in a module; its imports of this project are removed from sys.modules again."""
    before = set(sys.modules)
    sys.path.insert(0, PROJECT)
    try:
        main: Callable[[], None] = importlib.import_module(program).main
    finally:
        sys.path.remove(PROJECT)
    for name in set(sys.modules) - before:
        if name.partition(".")[0] == "local":
            del sys.modules[name]
    return main


if __name__ == "__main__":
    load_runtime(sys.argv[1])()
