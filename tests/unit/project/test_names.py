# SPDX-License-Identifier: MIT-0
"""One name for one concept: no two public classes share a name."""

import ast
from collections import defaultdict

from local.environment import PROJECT

ROOTS = (
    "benchmarks",
    "cdk_stepfunction_durable_lambda_function",
    "inspect_execution",
    "lambda",
    "local",
)


def test_no_two_public_classes_have_the_same_name() -> None:
    modules = defaultdict(list)
    for path in (path for root in ROOTS for path in sorted((PROJECT / root).rglob("*.py"))):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                modules[node.name].append(str(path.relative_to(PROJECT)))

    assert {name: paths for name, paths in modules.items() if len(paths) > 1} == {}
    assert "Endpoint" in modules
