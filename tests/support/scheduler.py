# SPDX-License-Identifier: MIT-0
"""Which process runs a module: one, and the same for modules that would start the same anew."""

from xdist.scheduler import LoadFileScheduling

# The process that runs the first of a group imports the CDK and starts node, or a browser.
GROUPS = {
    "the app": (
        "tests/unit/infrastructure/test_app.py",
        "tests/unit/infrastructure/test_dependency_layer.py",
        "tests/unit/infrastructure/test_guard_resources.py",
        "tests/unit/infrastructure/test_handler_function.py",
        "tests/unit/infrastructure/test_monitoring.py",
        "tests/unit/infrastructure/test_stack.py",
    ),
    "a browser": ("tests/browser/test_console.py", "tests/browser/test_page.py"),
}
GROUP_OF_FILE = {file: group for group, files in GROUPS.items() for file in files}


class LoadGroupOfFiles(LoadFileScheduling):
    """`--dist loadfile`, with groups of files."""

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        return GROUP_OF_FILE.get(file, file)
