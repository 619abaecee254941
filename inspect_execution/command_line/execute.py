# SPDX-License-Identifier: MIT-0
"""The program: read the execution, show it, write its page."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext

from rich.console import Console
from rich.live import Live

from ..json_document.document import document_text, json_line
from ..model.execution_view import ExecutionView
from ..reading.aws_api import AwsApi
from ..reading.following_api import FollowingApi
from ..terminal.report import PIPE_WIDTH, render_progress, render_report
from ..text import printable
from .arguments import Options
from .page_file import write_page
from .reader import Read, earlier_failures, reader
from .waiting import show_waiting

FOLLOW_SECONDS = 2.0


def execute(options: Options) -> int:
    """Show the execution, and write its page. The exit status does not depend on the execution's.

    Raises:
        InspectError: the execution cannot be read, or the page cannot be written
    """
    connected = FollowingApi if options.follow else AwsApi
    api = connected.connect(options.named.region, options.endpoint_url)
    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = PIPE_WIDTH
    if options.waiting:
        show_waiting(api, options, console)
        return 0
    read = reader(api, options)
    if options.json:
        _print_json(read, options)
        return 0
    view = _follow(read, console) if options.follow else read()
    try:
        console.print(render_report(view, console.width), soft_wrap=True)
        for line in earlier_failures(api, options):
            console.print(line, markup=False, soft_wrap=True)
    finally:
        # Also if the reader has closed the output: the page is a file of its own.
        if options.html:
            write_page(view, options.html)
    if options.html:
        console.print(f"\nThe page is in {printable(str(options.html), 4096)}", markup=False)
    if options.record:
        where = printable(str(options.record), 4096)
        console.print(f"\nThe recorded durable executions are in {where}", markup=False)
    return 0


def _print_json(read: Read, options: Options) -> None:
    """Print one document, or while the execution is followed, a line for each that differs."""
    views = changes(read) if options.follow else iter([read()])
    for view in views:
        try:
            print(json_line(view) if options.follow else document_text(view), flush=True)
        finally:
            if options.html:
                write_page(view, options.html)


def changes(read: Callable[[], ExecutionView]) -> Iterator[ExecutionView]:
    """Each view that shows more than the one before, until the execution has ended."""
    shown: tuple[object, ...] | None = None
    while True:
        view = read()
        content = (view.status, view.events, view.omissions)
        if content != shown:
            yield view
        shown = content
        if not view.is_running:
            return
        time.sleep(FOLLOW_SECONDS)


def _follow(read: Read, console: Console) -> ExecutionView:
    """Refresh until the execution has ended. A pipe gets the last view alone."""
    view = read()
    live = Live(console=console, auto_refresh=False, transient=True)
    with live if console.is_terminal else nullcontext():
        while view.is_running:
            if console.is_terminal:
                frame = render_progress(view, console.width, console.height)
                live.update(frame, refresh=True)
            time.sleep(FOLLOW_SECONDS)
            view = read()
    return view
