# SPDX-License-Identifier: MIT-0
"""One name for one concept: no two public classes, functions or type aliases share a name."""

import ast
from collections import defaultdict
from collections.abc import Iterator

import pytest

from local.environment import PROJECT

ROOTS = (
    "benchmarks",
    "cdk_stepfunction_durable_lambda_function",
    "inspect_execution",
    "lambda",
    "local",
)
# Names that mean the same in each module that has them.
SHARED = {
    "argument_parser": "the command line of one program",
    "client": "boto3's client in one asset: assets share no module",
    "figures": "the tables of one module of benchmarks, which is chosen by its name",
    "handler": "the name by which Lambda finds a function's code",
    "main": "the start of one program",
    "parse_arguments": "the command line of one program",
    "show": "the page of one module, which the table of routes names",
    "table": "the table of one module of benchmarks",
}


def public_names(module: ast.Module) -> Iterator[str]:
    """Classes, functions and aliases. A constant has the name that its module gives it."""
    for node in module.body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                names = [name]
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names = [name] if not name.isupper() else []
            case _:
                names = []
        yield from (name for name in names if not name.startswith("_"))


@pytest.fixture(scope="module")
def modules() -> dict[str, list[str]]:
    """The modules that define each public name."""
    found = defaultdict(list)
    for path in (path for root in ROOTS for path in sorted((PROJECT / root).rglob("*.py"))):
        for name in public_names(ast.parse(path.read_text())):
            found[name].append(str(path.relative_to(PROJECT)))
    return found


def test_no_two_public_names_are_the_same(modules: dict[str, list[str]]) -> None:
    several = {name: paths for name, paths in modules.items() if len(paths) > 1}

    assert {name: paths for name, paths in several.items() if name not in SHARED} == {}
    assert {"Endpoint", "record_execution", "HistoryEntry"} <= set(modules)


def test_every_name_that_modules_may_share_is_one_of_several(
    modules: dict[str, list[str]],
) -> None:
    assert [name for name in SHARED if len(modules[name]) < 2] == []
