# SPDX-License-Identifier: MIT-0
"""Where a function finds the modules of its layers."""

import json
from pathlib import Path

from local.functions.sandboxes.fork_server import forking

from ...support.functions.sandboxes import answer, sandbox, version_in

CODE = """
import importlib.util, layered

def handler(event, context):
    if event:
        layered.fail()
    return layered.name, importlib.util.find_spec("elsewhere")
"""
LAYERED = """
def fail(): raise ValueError
name = "site-packages"
"""


def test_site_packages_of_the_runtime_come_before_what_is_beside_them(tmp_path: Path) -> None:
    layers = tmp_path / "first", tmp_path / "second"
    files = {
        tmp_path / "index.py": CODE,
        layers[0] / "python/lib/python3.12/site-packages/elsewhere.py": "",
        layers[0] / "python/lib/python3.14/site-packages/layered.py": LAYERED,
        layers[1] / "python/layered.py": "name = 'python'",
    }
    for file, source in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)
    with sandbox(version_in(tmp_path, layers=layers), forking(0)) as started:
        found = answer(started)
        error = json.loads(started.invoke("true", "arn").payload)

    assert found == ["site-packages", None]
    assert error["stackTrace"][-1] == (
        '  File "/opt/python/lib/python3.14/site-packages/layered.py", line 2, in fail\n'
        "    def fail(): raise ValueError\n"
    )
