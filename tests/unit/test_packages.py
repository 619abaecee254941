# SPDX-License-Identifier: MIT-0
"""The arrows between packages: each imports only those that this table allows, all downwards."""

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.environment import PROJECT

Arrows = dict[str, set[str]]
MAX_MODULES = 12
# The modules beside the packages that every package may import.
LOCAL_LEAVES = {"environment", "errors", "patching", "retention", "service_models"}
INSPECT_LEAVES = {"errors", "status", "text"}


def downwards(*packages: str, leaves: set[str]) -> Arrows:
    """Each package may import all packages after it, and the leaves."""
    return {name: {*packages[n + 1 :], *leaves} for n, name in enumerate(packages)}


# The packages, and the modules beside them, that each of them may import.
ARROWS: dict[str, Arrows] = {
    "local": {
        "__main__": {"commands"},
        **downwards(
            "commands",
            "console",
            "replay",
            "cloudformation",
            "endpoint",
            "events",
            "lambda_",
            "step_functions",
            "durable",
            "functions",
            "iam",
            "quotas",
            "clocks",
            leaves=LOCAL_LEAVES,
        ),
        **{leaf: set() for leaf in sorted(LOCAL_LEAVES)},
        "service_models": {"patching"},
    },
    "inspect_execution": {
        "__main__": {"command_line", "errors", "program"},
        "command_line": {
            "terminal",
            "page",
            "json_document",
            "model",
            "reading",
            "histories",
            *INSPECT_LEAVES,
        },
        "terminal": {"model", "histories", *INSPECT_LEAVES},
        "page": {"model", "histories", *INSPECT_LEAVES},
        "json_document": {"model", "histories", *INSPECT_LEAVES},
        "model": {"histories", *INSPECT_LEAVES},
        "reading": {"histories", *INSPECT_LEAVES},
        "histories": INSPECT_LEAVES,
        "errors": {"program"},
        **{leaf: set() for leaf in ("program", "status", "text")},
    },
}


def imported_parts(path: Path, root: str) -> Iterator[str]:
    """The packages of a root, and the modules beside them, that a module imports anywhere."""
    place = path.relative_to(PROJECT).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text())):
        names: list[list[str]] = []
        if isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = [*place[: -node.level]] if node.level else []
            module = [*start, *filter(None, (node.module or "").split("."))]
            # In `from . import name` the name itself is a module.
            names = [[*module, alias.name] for alias in node.names]
        yield from (name[1] for name in names if name[0] == root and len(name) > 1)


@pytest.mark.parametrize(
    ("root", "part"), [(root, part) for root, arrows in ARROWS.items() for part in arrows]
)
def test_a_package_imports_none_above_it(root: str, part: str) -> None:
    place = PROJECT / root / part
    upwards = [
        f"{path.relative_to(PROJECT)} imports {root}.{imported}"
        for path in sorted([*place.rglob("*.py"), *place.parent.glob(f"{part}.py")])
        for imported in imported_parts(path, root)
        if imported not in (part, *ARROWS[root][part])
    ]

    assert upwards == []


@pytest.mark.parametrize("root", ARROWS)
def test_every_package_has_its_place_and_the_arrows_make_no_circle(root: str) -> None:
    modules = {path.stem for path in (PROJECT / root).glob("*.py")} - {"__init__"}
    packages = {path.parent.name for path in (PROJECT / root).glob("*/__init__.py")}
    graphlib.TopologicalSorter(ARROWS[root]).prepare()

    assert modules | packages == set(ARROWS[root])


@pytest.mark.parametrize("root", ARROWS)
def test_no_folder_has_more_than_a_dozen_modules(root: str) -> None:
    folders = [PROJECT / root, *(path.parent for path in (PROJECT / root).rglob("__init__.py"))]
    sizes = {str(folder): len(list(folder.glob("*.py"))) for folder in folders}

    assert {folder: size for folder, size in sizes.items() if size > MAX_MODULES} == {}


def test_inspect_execution_imports_nothing_of_local() -> None:
    importing = [
        path
        for path in (PROJECT / "inspect_execution").rglob("*.py")
        if list(imported_parts(path, "local"))
    ]

    assert importing == []
