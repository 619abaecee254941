# SPDX-License-Identifier: MIT-0
"""Which parts of libraries the code of a module replaces, read from its source."""

import ast
import sys
from collections.abc import Collection, Iterator

_IMPORTING = ("__import__", "import_module")
_SETTING = ("setattr", "delattr")
_CHANGING_METHODS = (
    *("add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove"),
    *("__setattr__", "setdefault", "update"),
)


def replacements(code: str, own: Collection[str]) -> set[str]:
    """The attributes and items of libraries that code assigns or deletes, as it writes them.

    They are found by the names that the module gives to what it imports, and by the variables that
    it assigns parts of them to. Of the standard library, `sys.modules` alone counts.

    Args:
        own: the top-level packages and modules that are no libraries
    """
    nodes = list(ast.walk(ast.parse(code)))
    foreign = {name for node in nodes for name in _imported(node, {*own, *sys.stdlib_module_names})}
    while more := {name for node in nodes for name in _further(node, foreign)} - foreign:
        foreign |= more
    changed = (part for node in nodes for part in _changed(node))
    return {ast.unparse(part) for part in changed if _is_foreign(part, foreign)}


def _imported(node: ast.AST, own: Collection[str]) -> Iterator[str]:
    """The names that an import gives to parts of libraries."""
    match node:
        case ast.Import(names=aliases):
            for alias in aliases:
                top = alias.name.partition(".")[0]
                if top not in own:
                    yield alias.asname or top
        case ast.ImportFrom(level=0, module=str(name), names=aliases):
            if name.partition(".")[0] not in own:
                yield from (alias.asname or alias.name for alias in aliases)


def _further(node: ast.AST, foreign: set[str]) -> Iterator[str]:
    """The names that an assignment or a loop gives to parts of libraries."""
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from _named(targets, value, foreign)
        case (
            ast.For(target=target, iter=value)
            | ast.comprehension(target=target, iter=value)
            | ast.AnnAssign(target=target, value=ast.expr() as value)
            | ast.NamedExpr(target=target, value=value)
            | ast.withitem(context_expr=value, optional_vars=ast.expr() as target)
        ):
            yield from _named([target], value, foreign)


def _named(targets: list[ast.expr], value: ast.expr, foreign: set[str]) -> Iterator[str]:
    if any(_is_foreign(item, foreign) for item in _items(value)):
        items = (item for target in targets for item in _items(target))
        yield from (item.id for item in items if isinstance(item, ast.Name))


def _changed(node: ast.AST) -> Iterator[ast.expr]:
    """The attributes and items that a statement or a call assigns or deletes."""
    match node:
        case ast.Assign(targets=targets) | ast.Delete(targets=targets):
            yield from _members(targets)
        case ast.AugAssign(target=target):
            # Of a list, a set or a dictionary, it changes the library's own.
            yield target
        case (
            ast.AnnAssign(target=target)
            | ast.For(target=target)
            | ast.withitem(optional_vars=ast.expr() as target)
        ):
            yield from _members([target])
        case ast.Call(func=ast.Name(id=name), args=[owner, *_]) if name in _SETTING:
            yield owner
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="object" | "type"), attr="__setattr__"),
            args=[owner, *_],
        ):
            yield owner
        case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in _CHANGING_METHODS:
            yield owner


def _members(targets: list[ast.expr]) -> Iterator[ast.expr]:
    items = (item for target in targets for item in _items(target))
    return (item for item in items if isinstance(item, ast.Attribute | ast.Subscript))


def _items(value: ast.expr) -> Iterator[ast.expr]:
    """The items of a literal list, tuple or set, and of those in it; what a condition chooses
    from; of anything else, itself.
    """
    match value:
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            yield from (each for item in items for each in _items(item))
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_items(body), *_items(orelse))
        case _:
            yield value


def _is_foreign(part: ast.expr, foreign: set[str]) -> bool:
    """Whether an expression denotes a library or a part of one."""
    match part:
        case ast.Name(id=name):
            return name in foreign
        case ast.Attribute(value=ast.Name(id="sys"), attr="modules"):
            return True
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in _IMPORTING:
            return True
        case (
            ast.Attribute(value=value)
            | ast.Subscript(value=value)
            | ast.Call(func=ast.Name(id="vars"), args=[value])
            | ast.Call(func=ast.Name(id="getattr"), args=[value, *_])
        ):
            return _is_foreign(value, foreign)
    return False
