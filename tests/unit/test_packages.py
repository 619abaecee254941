# SPDX-License-Identifier: MIT-0
"""The arrows between the packages of local/: each imports only those below it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import app

# From the top to the bottom.
LOCAL = (
    "commands",
    "cloudformation",
    "endpoint",
    "events",
    "lambda_",
    "step_functions",
    "durable",
    "functions",
    "iam",
)
MAX_MODULES = 12


def imported_packages(path: Path) -> Iterator[str]:
    """The packages of local/ that a module imports, its own among them."""
    parts = path.relative_to(app.ROOT).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            start = parts[: -node.level] if node.level else ()
            module = (*start, *(node.module or "").split("."))
            if module[0] == "local" and len(module) > 1:
                yield module[1]


def upward_imports(package: str) -> list[str]:
    above = LOCAL[: LOCAL.index(package)]
    return [
        f"{path.relative_to(app.ROOT)} imports local.{imported}"
        for path in sorted((app.ROOT / "local" / package).rglob("*.py"))
        for imported in imported_packages(path)
        if imported in above
    ]


@pytest.mark.parametrize("package", LOCAL)
def test_a_package_imports_none_above_it(package: str) -> None:
    assert upward_imports(package) == []


def test_every_package_has_its_place_in_the_order() -> None:
    packages = {path.parent.name for path in (app.ROOT / "local").glob("*/__init__.py")}

    assert packages == set(LOCAL)


@pytest.mark.parametrize("root", ["local", "inspect_execution"])
def test_no_folder_has_more_than_a_dozen_modules(root: str) -> None:
    folders = [app.ROOT / root, *(path.parent for path in (app.ROOT / root).rglob("__init__.py"))]
    sizes = {str(folder): len(list(folder.glob("*.py"))) for folder in folders}

    assert {folder: size for folder, size in sizes.items() if size > MAX_MODULES} == {}


def test_inspect_execution_imports_nothing_of_local() -> None:
    importing = [
        path
        for path in (app.ROOT / "inspect_execution").rglob("*.py")
        if "local" in path.read_text() and list(imported_packages(path))
    ]

    assert importing == []
