# SPDX-License-Identifier: MIT-0
"""Parts of libraries are replaced in the registry of local/patching.py, and nowhere else."""

import pytest

from local.environment import PROJECT

from ...support.project.replacements import replacements

PACKAGES = (
    "benchmarks",
    "cdk_stepfunction_durable_lambda_function",
    "inspect_execution",
    "lambda",
    "local",
)
# The handlers import each other by the names of their modules.
HANDLERS = {path.stem for path in (PROJECT / "lambda").rglob("*.py")}
OWN = {*PACKAGES, *HANDLERS, "tests"}
# What stands outside of the registry.
UNREGISTERED = {
    # In a process without this project; fork_server.py of local/functions/sandboxes registers it.
    "local/functions/lambda_runtime/fork_server.py": {"loaders.JSONFileLoader.load_file"},
    # Modules of this project, which a sandbox forgets.
    "local/functions/sandboxes/runtime.py": {"sys.modules[name]"},
    # The list of all threads, which moto never shortens: see local/shared_state.py.
    "local/step_functions/executions/worker.py": {"TMP_THREADS"},
    # One a thread: the library sets it in the method that this one overrides.
    "local/step_functions/jsonata/engine.py": {"Jsonata.CURRENT.jsonata"},
}


@pytest.mark.parametrize("package", PACKAGES)
def test_libraries_are_changed_in_the_registry_alone(package: str) -> None:
    sources = {
        str(path.relative_to(PROJECT)): path.read_text()
        for path in (PROJECT / package).rglob("*.py")
    }
    found = {path: replacements(code, OWN) for path, code in sources.items()}

    assert {path: parts for path, parts in found.items() if parts} == {
        path: parts for path, parts in UNREGISTERED.items() if path in sources
    }


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import moto\nmoto.x = 1", "moto.x"),
        ("import moto.core.utils\nmoto.core.utils.x = 1", "moto.core.utils.x"),
        ("import moto.core as core\ncore.x = 1", "core.x"),
        ("from moto import core\ncore.x = 1", "core.x"),
        ("from moto import core as c\nc.x.y = 1", "c.x.y"),
        ("def later():\n    from moto import core\n    core.x = 1", "core.x"),
        ("core = importlib.import_module('moto.core')\ncore.x = 1", "core.x"),
        ("from moto import core\ncore.x: int = 1", "core.x"),
        ("from moto import core\ncore.x += 1", "core.x"),
        ("from moto import core\na, core.x = 1, 2", "core.x"),
        ("from moto import core\nfor core.x in (): ...", "core.x"),
        ("from moto import core\nwith f() as core.x: ...", "core.x"),
        ("from moto import core\ndel core.x", "core.x"),
        ("from moto import paths\npaths['/'] = 1", "paths['/']"),
        ("from moto import core\nvars(core)['x'] = 1", "vars(core)['x']"),
        ("from moto import core\nsetattr(core, 'x', 1)", "core"),
        ("from moto import core\ndelattr(core.x, 'y')", "core.x"),
        ("from moto import paths\npaths.update(x=1)", "paths"),
        ("from moto import core\nother = core.x\nother.y = 1", "other.y"),
        ("from moto import a, b\nfor each in (a, b):\n    each.x = 1", "each.x"),
        ("from moto import a, b\nfor c, n in ((a, 1), (b, 2)):\n    setattr(c, n, 1)", "c"),
        ("from moto import core\na = b = core.x\nb.y = 1", "b.y"),
        ("from moto import core\nother: T = core.x\nother.y = 1", "other.y"),
        ("from moto import core\nif (other := core.x):\n    other.y = 1", "other.y"),
        ("from moto import a\nother = a if f() else None\nother.y = 1", "other.y"),
        ("from moto import a, b\nfor each in {a, b}:\n    each.x = 1", "each.x"),
        ("from moto import a\n[setattr(each, 'x', 1) for each in (a,)]", "each"),
        ("from moto import core\nwith core.x as other:\n    other.y = 1", "other.y"),
        ("from moto import paths\npaths.append(1)", "paths"),
        ("from moto import core\ncore.paths.clear()", "core.paths"),
        ("from moto import paths\npaths |= {'/': 1}", "paths"),
        ("from moto import core\ntype.__setattr__(core, 'x', 1)", "core"),
        ("from moto import core\ngetattr(core, 'x').y = 1", "getattr(core, 'x').y"),
        ("import sys\nsys.modules['moto.ec2'] = None", "sys.modules['moto.ec2']"),
        ("import sys\nsys.modules.setdefault('moto.ec2', None)", "sys.modules"),
    ],
)
def test_a_replacement_is_found_in_these_forms(code: str, found: str) -> None:
    assert replacements(code, OWN) == {found}


@pytest.mark.parametrize(
    "code",
    [
        "from moto import core\nx = core.x",
        "from moto import core\ncore.run(x=1)",
        "from moto import Backend\nbackend = Backend()\nbackend.x = 1",
        "from moto import Backend\nclass Own(Backend):\n    x = 1",
        "from moto import Backend\ndef run(backend: Backend) -> None:\n    backend.x = 1",
        "from local import quotas\nquotas.x = 1",
        "from . import quotas\nquotas.x = 1",
        "import sys\nsys.path[:0] = ['x']",
        "import logging\nlogging.Formatter.converter = None",
    ],
)
def test_nothing_else_is_taken_for_a_replacement(code: str) -> None:
    assert replacements(code, OWN) == set()
