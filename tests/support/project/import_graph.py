# SPDX-License-Identifier: MIT-0
"""Which module of a project imports which: a graph, read from the source without running it."""

import ast
import graphlib
from collections.abc import Iterable, Iterator
from pathlib import Path

# Each module, as `package.module` or `package.__init__`, and the modules that it imports.
Graph = dict[str, set[str]]
IMPORTING_CALLS = ("__import__", "import_module")


def import_graph(project: Path, roots: Iterable[str], search_path: Iterable[str] = ()) -> Graph:
    """The imports among the modules of a project, wherever in a module they stand.

    `from package import name` is an import of the module `package.name`, or, if there is no such
    module, of `package.__init__`. Calls of `import_module` count if they name it literally.

    Args:
        roots: the top-level packages and modules to read
        search_path: folders whose modules are imported without the name of the folder
    """
    files = [path for root in roots for path in _files(project / root)]
    names = {path: _name(path, project) for path in files}
    known = {name.removesuffix(".__init__"): name for name in names.values()}
    for folder in search_path:
        known |= {path.stem: _name(path, project) for path in (project / folder).glob("*.py")}
    graph: Graph = {}
    for path, name in names.items():
        imported = {_module(each, known) for each in _imported_names(path, name.split(".")[:-1])}
        graph[name] = {module for module in imported if module} - {name}
    return graph


def grouped(graph: Graph, depth: int) -> Graph:
    """The graph of the packages at a depth: 1 for the roots, 2 for their packages and modules."""
    groups: Graph = {}
    for name, imported in graph.items():
        group = _first(name, depth)
        others = {_first(each, depth) for each in imported} - {group}
        groups.setdefault(group, set()).update(others)
    return groups


def find_circle(graph: Graph) -> list[str]:
    """The modules of a circle, or nothing if the graph has none."""
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def _files(root: Path) -> list[Path]:
    return sorted(root.rglob("*.py")) if root.is_dir() else [root.with_suffix(".py")]


def _name(path: Path, project: Path) -> str:
    return ".".join(path.relative_to(project).with_suffix("").parts)


def _first(name: str, depth: int) -> str:
    return ".".join(name.split(".")[:depth])


def _module(name: str, known: dict[str, str]) -> str | None:
    """The module with this name, or the nearest package around it; None outside the project."""
    while name not in known and "." in name:
        name = name.rpartition(".")[0]
    return known.get(name)


def _imported_names(path: Path, package: list[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = _absolute("." * node.level + (node.module or ""), package)
            yield from (f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node) in IMPORTING_CALLS:
            yield _name_in_call(node, package)


def _name_in_call(call: ast.Call, package: list[str]) -> str:
    """What `import_module(name, package)` imports; empty if the name is not literal."""
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    name, anchor, *_ = [*map(_literal, values), "", ""]
    return _absolute(name, anchor.split(".") if anchor else package)


def _absolute(name: str, package: list[str]) -> str:
    """The name without its leading dots: one for the package, and one for each package above."""
    relative = name.lstrip(".")
    dots = len(name) - len(relative)
    start = package[: len(package) + 1 - dots] if dots else []
    return ".".join([*start, relative] if relative else start)


def _called(call: ast.Call) -> str | None:
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return str(name)
    return None


def _literal(value: ast.expr) -> str:
    """A literal text, or the literal start of a formatted one; empty for anything else."""
    match value:
        case (
            ast.Constant(value=str(text))
            | ast.JoinedStr(values=[ast.Constant(value=str(text)), *_])
        ):
            return text
    return ""
