# SPDX-License-Identifier: MIT-0
"""The file of a page: where it can be written, and how."""

import os
from pathlib import Path

from ..errors import InspectError, InvalidArgument
from ..model.execution_view import ExecutionView
from ..page.html_page import render_page
from ..text import printable


def page_path(text: str) -> Path:
    """Parse the path of a page.

    Raises:
        InvalidArgument: no file can be written there
    """
    path = Path(text)
    try:
        is_directory, has_parent = path.is_dir(), path.absolute().parent.is_dir()
        place = path if path.exists() else path.absolute().parent
    except (OSError, ValueError) as error:
        raise InvalidArgument(f"--html {printable(text)}: {error}") from None
    if is_directory or not has_parent:
        why = "is a directory" if is_directory else "is in no directory that exists"
        raise InvalidArgument(
            f"--html FILE must be a file's path, and {printable(text) or 'an empty text'} {why}"
        )
    if not os.access(place, os.W_OK):
        raise InvalidArgument(f"--html {printable(text)} cannot be written")
    return path


def write_page(view: ExecutionView, path: Path) -> None:
    """Write the page of a view.

    Raises:
        InspectError: the file cannot be written
    """
    try:
        path.write_text(render_page(view), encoding="utf-8")
    except OSError as error:
        raise InspectError(f"{printable(str(path))} cannot be written: {error.strerror}") from None
