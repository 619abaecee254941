# SPDX-License-Identifier: MIT-0
"""The graph of imports, read from a few modules."""

from pathlib import Path

import pytest

from ...support.project.import_graph import find_circle, grouped, import_graph

MODULES = ("shop/__init__", "shop/prices", "shop/api/__init__", "shop/api/calls", "scripts/tool")


def imports_of(directory: Path, code: str, module: str = "shop/api/calls") -> set[str]:
    """What a module with this code imports in a project of a few other modules."""
    for name in (*MODULES, "main"):
        path = directory / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code if name == module else "")
    graph = import_graph(directory, ["shop", "scripts", "main"], ["scripts"])
    return graph[module.replace("/", ".")]


@pytest.mark.parametrize(
    ("code", "imported"),
    [
        ("import json, os.path", set()),
        ("import shop", {"shop.__init__"}),
        ("import shop as s", {"shop.__init__"}),
        ("import main, tool", {"main", "scripts.tool"}),
        ("import shop.prices", {"shop.prices"}),
        ("from shop import prices", {"shop.prices"}),
        ("from shop import name", {"shop.__init__"}),
        ("from shop import *", {"shop.__init__"}),
        ("from shop.prices import name", {"shop.prices"}),
        ("from .. import prices", {"shop.prices"}),
        ("from ..prices import name", {"shop.prices"}),
        ("from . import name", {"shop.api.__init__"}),
        ("from shop.missing import name", {"shop.__init__"}),
        ("def later():\n    import shop.prices", {"shop.prices"}),
        ("if TYPE_CHECKING:\n    import shop.prices", {"shop.prices"}),
        ("import_module('shop.prices')", {"shop.prices"}),
        ("importlib.import_module('..prices', __package__)", {"shop.prices"}),
        ("importlib.import_module('.prices', package='shop')", {"shop.prices"}),
        ("importlib.import_module(f'shop.{name}')", {"shop.__init__"}),
        ("__import__('shop.prices')", {"shop.prices"}),
        ("importlib.import_module(name)", set()),
        ("print('shop.prices')", set()),
    ],
)
def test_an_import_is_found_in_each_form(tmp_path: Path, code: str, imported: set[str]) -> None:
    assert imports_of(tmp_path, code) == imported


def test_the_dots_in_a_package_count_from_the_package(tmp_path: Path) -> None:
    code = "from . import calls\nfrom .. import prices"

    assert imports_of(tmp_path, code, "shop/api/__init__") == {"shop.api.calls", "shop.prices"}


def test_a_folder_without_init_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "shop" / "new").mkdir(parents=True)
    (tmp_path / "shop" / "new" / "orders.py").write_text("import shop.new.orders")

    assert imports_of(tmp_path, "from ..new.orders import name") == {"shop.new.orders"}


def test_groups_import_what_their_modules_import() -> None:
    graph = {"a.x.m": {"a.x.n", "a.y.m", "b"}, "a.x.n": {"a.z"}, "a.y.m": set(), "b": set()}

    assert grouped(graph, 1) == {"a": {"b"}, "b": set()}
    assert grouped(graph, 2) == {"a.x": {"a.y", "a.z", "b"}, "a.y": set(), "b": set()}


def test_a_circle_is_named() -> None:
    assert find_circle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert set(find_circle({"a": {"b"}, "b": {"c"}, "c": {"b"}})) == {"b", "c"}
