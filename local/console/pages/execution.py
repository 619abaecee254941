# SPDX-License-Identifier: MIT-0
"""The page of one execution: that of inspect_execution, with the console around it."""

from werkzeug.wrappers import Request, Response

from inspect_execution.page.html_page import Surroundings, render_page

from ..actions.catalogue import offers
from ..rendering import fragment
from ..site import Site
from ..view import durable_arns, read_view

# The page itself has its policy, but for what a page cannot forbid.
POLICY = {"Content-Security-Policy": "frame-ancestors 'none'"}


def show(site: Site, request: Request) -> Response:
    """The page as it is now."""
    view = read_view(site.api, request.args["arn"])
    around = Surroundings(
        head=fragment(site, "execution_head.html"),
        top=fragment(
            site,
            "execution_top.html",
            arn=view.arn,
            offers=offers(site.endpoint, view.arn, durable_arns(site.endpoint, view.arn)),
        ),
    )
    return Response(render_page(view, around), headers=POLICY, content_type="text/html")


def save(site: Site, request: Request) -> Response:
    """The page in one file, which needs neither the console nor a network."""
    view = read_view(site.api, request.args["arn"])
    headers = {"Content-Disposition": f'attachment; filename="{_file_name(view.name)}.html"'}
    return Response(render_page(view), headers=headers, content_type="text/html")


def _file_name(name: str) -> str:
    return "".join(each if each.isascii() and each.isalnum() else "-" for each in name)
