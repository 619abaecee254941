# SPDX-License-Identifier: MIT-0
"""The handlers' modules, loaded for themselves, with fewer attempts and, on request, changed."""

import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from local.environment import PROJECT

# In the order in which they import each other.
PATHS = {
    "failure": "failure.py",
    "business_step": "business_step.py",
    "orders": "orders.py",
    "task_callback": "task_callback.py",
    "async_durable_function": "async_durable_function.py",
    "callback_guard": "callback_guard/callback_guard.py",
}
# For a module's name, texts of its source and what replaces them.
Changes = Mapping[str, tuple[tuple[str, str], ...]]


def load(attempts: int, changes: Changes | None = None) -> dict[str, Any]:
    """The modules by name. No other module sees them.

    Args:
        attempts: how often each call is tried, in place of 26 times
    """
    own = dict(changes or {})
    fewer = ("MAX_ATTEMPTS = 26", f"MAX_ATTEMPTS = {attempts}")
    own["task_callback"] = (fewer, *own.get("task_callback", ()))
    before = {name: sys.modules.pop(name, None) for name in PATHS}
    try:
        return {name: _load(name, own.get(name, ())) for name in PATHS}
    finally:
        for name, module in before.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module


def _load(name: str, changes: tuple[tuple[str, str], ...]) -> ModuleType:
    path = PROJECT / "lambda" / PATHS[name]
    source = path.read_text()
    for old, new in changes:
        assert source.count(old) == 1, f"{source.count(old)} times in {path.name}: {old}"
        source = source.replace(old, new)
    module = ModuleType(name)
    sys.modules[name] = module
    exec(compile(source, str(path), "exec"), vars(module))
    return module
