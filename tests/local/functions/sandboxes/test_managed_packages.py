# SPDX-License-Identifier: MIT-0
"""Where sandboxes find the packages of their runtime."""

from pathlib import Path

from local.functions.sandboxes.managed_packages import managed_packages

from ....support.clone import cloned, installed

PRINT = """
from local.functions.sandboxes.managed_packages import managed_packages
print(managed_packages("python3.14"))
"""


def test_the_packages_have_one_path_behind_all_links(assembly: Path, tmp_path: Path) -> None:
    linked = installed(cloned(tmp_path), assembly)
    finished = linked.run(f".venv/bin/python -c '{PRINT}'")

    assert finished.stdout.strip() == str(managed_packages("python3.14"))
