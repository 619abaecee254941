# SPDX-License-Identifier: MIT-0
"""The page of one execution: that of inspect_execution, with the console around it."""

from werkzeug.wrappers import Request, Response

from inspect_execution.page.html_page import Surroundings, render_page

from ..actions.catalogue import offers
from ..live import has_ended
from ..rendering import fragment, link
from ..site import Site
from ..view import durable_arns, is_durable, read_view, record_beginning, view_of

# The page itself has its policy, but for what a page cannot forbid.
POLICY = {"Content-Security-Policy": "frame-ancestors 'none'"}

# Of a longer history, the page comes before it is read.
LONG_EVENTS = 1_000


def show(site: Site, request: Request) -> Response:
    """The page as it is now."""
    arn = request.args["arn"]
    events = _event_count(site, arn)
    is_long = events > LONG_EVENTS
    view = view_of(record_beginning(site.api, arn)) if is_long else read_view(site.api, arn)
    around = Surroundings(
        head=fragment(
            site,
            "execution_head.html",
            stream=link("/stream", arn=arn) if is_long or not has_ended(view) else "",
        ),
        top=fragment(
            site,
            "execution_top.html",
            arn=view.arn,
            reading=f"Reading the history of {events:,} events …" if is_long else "",
            offers=offers(site.endpoint, view.arn, durable_arns(site.endpoint, view.arn)),
        ),
    )
    return Response(render_page(view, around), headers=POLICY, content_type="text/html")


def _event_count(site: Site, arn: str) -> int:
    return 0 if is_durable(arn) else site.api.last_event_id(arn)


def save(site: Site, request: Request) -> Response:
    """The page in one file, which needs neither the console nor a network."""
    view = read_view(site.api, request.args["arn"])
    headers = {"Content-Disposition": f'attachment; filename="{_file_name(view.name)}.html"'}
    return Response(render_page(view), headers=headers, content_type="text/html")


def _file_name(name: str) -> str:
    return "".join(each if each.isascii() and each.isalnum() else "-" for each in name)
