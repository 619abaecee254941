# SPDX-License-Identifier: MIT-0
"""The README's steps to deploy, which install from the package index: mostly a wait for it."""

import re
from pathlib import Path

from ...support.assemblies.variants import link
from ...support.clone import cloned
from ...support.project import readme
from ...support.project.readme import CDK, NO_ACCOUNT, SETUP


def test_the_steps_to_deploy_install_all_that_cdk_needs(assembly: Path, tmp_path: Path) -> None:
    new = cloned(tmp_path)
    link(assembly, new.directory / "cdk.out")
    [block] = [block for block in readme.blocks() if SETUP[1] in block]
    finished = new.run(f"{block}\n{CDK}deploy || true\nwhich python3")

    assert [line.strip() for line in block.splitlines()] == list(SETUP)
    assert re.search(NO_ACCOUNT, finished.stdout, re.MULTILINE), finished.stdout
    assert finished.stdout.splitlines()[-1] == str(new.directory / ".venv/bin/python3")
