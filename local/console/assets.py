# SPDX-License-Identifier: MIT-0
"""The scripts and style sheets: the console's own, and those of the page of an execution."""

from pathlib import Path

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from inspect_execution.page import html_page

_DIRECTORIES = (Path(__file__).parent / "static", Path(html_page.__file__).parent)
_TYPES = {".css": "text/css", ".js": "text/javascript"}


def file(name: str) -> Response:
    """The answer with a file.

    Raises:
        NotFound: there is none of that name
    """
    known = {
        path.name: path
        for directory in _DIRECTORIES
        for path in directory.iterdir()
        if path.suffix in _TYPES
    }
    if name not in known:
        raise NotFound(f"The console has no file {name}")
    path = known[name]
    return Response(path.read_bytes(), content_type=f"{_TYPES[path.suffix]}; charset=utf-8")
