# SPDX-License-Identifier: MIT-0
"""Which package imports which: the tables name every arrow that exists, and no other."""

import ast
import re
from collections import Counter
from collections.abc import Iterable

import pytest

from local.environment import PROJECT

from ...support.project.import_graph import Graph, find_circle, grouped, import_graph

MAX_MODULES = 12
INFRASTRUCTURE = "cdk_stepfunction_durable_lambda_function"
# The roots, and the roots that each imports.
ROOTS = {
    "app": INFRASTRUCTURE,
    INFRASTRUCTURE: "",
    "lambda": "",
    "inspect_execution": "",
    "local": "inspect_execution",
    "benchmarks": "inspect_execution lambda local",
}
# The parts of a root, which are its packages and the modules beside them, and the parts that each
# imports. From the top down: a part imports only parts below it.
LOCAL = {
    "__init__": "",
    "__main__": "commands",
    "commands": "console replay cloudformation endpoint step_functions functions quotas"
    " errors environment",
    "console": "endpoint step_functions durable functions errors",
    "replay": "functions errors",
    "cloudformation": "endpoint events lambda_ step_functions functions iam errors environment",
    "endpoint": "events lambda_ step_functions durable functions iam quotas clocks"
    " errors service_models patching environment",
    "events": "lambda_ functions iam clocks errors patching environment",
    "lambda_": "durable functions iam quotas clocks service_models patching environment retention",
    "step_functions": "clocks errors service_models patching environment retention",
    "durable": "functions iam clocks patching environment retention",
    "functions": "iam clocks errors patching environment",
    "iam": "patching environment",
    "quotas": "clocks errors service_models",
    "clocks": "",
    "errors": "",
    "service_models": "patching",
    "patching": "",
    "shared_state": "",
    "environment": "",
    "retention": "",
}
INSPECT_EXECUTION = {
    "__init__": "",
    "__main__": "command_line errors program",
    "command_line": "terminal page json_document model reading histories errors program text",
    "terminal": "model histories status text",
    "page": "model status text",
    "json_document": "model histories status",
    "model": "histories errors status text",
    "reading": "histories errors text",
    "histories": "status",
    "errors": "program",
    "program": "",
    "status": "",
    "text": "",
}
# The parts of local that import inspect_execution, and the parts of it that each imports.
LOCAL_TO_INSPECT_EXECUTION = {
    "__main__": "program",
    "commands": "command_line terminal model reading histories errors program status text",
    "console": "page model reading histories errors status text",
    "endpoint": "reading",
    "errors": "program",
}
TABLES = {"local": LOCAL, "inspect_execution": INSPECT_EXECUTION}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return import_graph(PROJECT, [*ROOTS, "tests"], ["lambda", "lambda/callback_guard"])


def read(table: dict[str, str]) -> Graph:
    return {part: set(imported.split()) for part, imported in table.items()}


def arrows(graph: Graph) -> set[str]:
    """Each import as a text: a failure shows those that differ, and no others."""
    return {f"{part} -> {each}" for part, imported in graph.items() for each in imported}


def parts(graph: Graph, root: str, other: str) -> Graph:
    """The parts of a root, and the parts of the other root that each imports."""
    return {
        part.removeprefix(f"{root}."): {
            each.removeprefix(f"{other}.") for each in imported if each.startswith(f"{other}.")
        }
        for part, imported in grouped(graph, 2).items()
        if part.startswith(f"{root}.")
    }


def folder_of(module: str) -> str:
    return module.rpartition(".")[0]


def within(package: str, modules: Iterable[str]) -> list[str]:
    return [module for module in modules if module.startswith(f"{package}.")]


def imports_of(package: str, graph: Graph) -> set[str]:
    return {each for module in within(package, graph) for each in graph[module]}


def neighbours(package: str, modules: Iterable[str]) -> set[str]:
    """The modules outside a package, each by the first part of its name that the two do not share.

    Seen from `local.endpoint.transport`, `local.endpoint.call` is `call`, `local.iam.policy` is
    `iam`, and `tests.support.stacks.stack` is `tests`.
    """
    own = package.split(".")
    names = [name.split(".") for name in modules if not name.startswith(f"{package}.")]
    return {next(b for a, b in zip(own, name, strict=False) if a != b) for name in names}


def docstring(package: str) -> str:
    path = PROJECT / package.replace(".", "/") / "__init__.py"
    return ast.get_docstring(ast.parse(path.read_text())) or ""


def words_about_imports(package: str) -> set[str]:
    sentence = re.search(r"\bImports [^.]*\.", docstring(package))
    assert sentence, f"The docstring of {package} does not say what the package imports."
    return set(re.findall(r"\w+", sentence[0]))


def test_the_roots_import_what_the_table_says(graph: Graph) -> None:
    roots = grouped(graph, 1)
    # Tests may import everything.
    del roots["tests"]

    assert arrows(roots) == arrows(read(ROOTS))


def test_every_root_is_in_the_table() -> None:
    modules = {path.stem for path in PROJECT.glob("*.py")}
    packages = {path.parent.name for path in PROJECT.glob("*/__init__.py")}

    assert modules | packages <= {*ROOTS, "tests"}


@pytest.mark.parametrize("root", TABLES)
def test_the_parts_import_what_the_table_says(graph: Graph, root: str) -> None:
    found = parts(graph, root, root)

    assert set(found) == set(TABLES[root])
    assert arrows(found) == arrows(read(TABLES[root]))


def test_local_imports_of_inspect_execution_what_the_table_says(graph: Graph) -> None:
    found = parts(graph, "local", "inspect_execution")

    assert arrows(found) == arrows(read(LOCAL_TO_INSPECT_EXECUTION))


@pytest.mark.parametrize("root", TABLES)
def test_a_part_imports_none_above_it(root: str) -> None:
    order = list(TABLES[root])
    above = {part: set(order[: n + 1]) for n, part in enumerate(order)}
    imported = read(TABLES[root])

    assert arrows({part: imported[part] & above[part] for part in order}) == set()


@pytest.mark.parametrize("root", TABLES)
def test_the_docstring_of_a_root_names_its_parts_from_the_top_down(root: str) -> None:
    named = [word for word in re.findall(r"\w+", docstring(root)) if word in TABLES[root]]

    assert named == [part for part in TABLES[root] if not part.startswith("__")]


def test_the_docstring_of_a_package_names_what_the_package_imports(graph: Graph) -> None:
    packages = [folder_of(name) for name in graph if name.endswith(".__init__")]
    described = [name for name in packages if not name.startswith("tests")] + ["tests.support"]
    imported = {name: neighbours(name, imports_of(name, graph)) for name in described}
    named = {name: neighbours(name, graph) & words_about_imports(name) for name in described}

    assert arrows(named) == arrows(imported)


def test_no_modules_import_each_other_in_a_circle(graph: Graph) -> None:
    assert " -> ".join(find_circle(graph)) == ""


def test_what_tests_share_imports_no_folder_of_tests(graph: Graph) -> None:
    assert parts(graph, "tests", "tests")["support"] == set()


def test_no_module_imports_a_test(graph: Graph) -> None:
    tests = {name for name in graph if ".test_" in name}

    assert arrows({name: imported & tests for name, imported in graph.items()}) == set()


def test_every_folder_with_modules_is_a_package(graph: Graph) -> None:
    # The handlers are imported without the names of their folders, and so is the shop of the tests.
    folders = {folder_of(name) for name in graph if not name.startswith(("lambda", "tests"))} - {""}

    assert {folder for folder in folders if f"{folder}.__init__" not in graph} == set()


@pytest.mark.parametrize("root", [*ROOTS, "tests"])
def test_no_folder_has_more_than_a_dozen_modules(graph: Graph, root: str) -> None:
    sizes = Counter(folder_of(name) for name in within(root, graph))

    assert {folder: size for folder, size in sizes.items() if size > MAX_MODULES} == {}
