# SPDX-License-Identifier: MIT-0
"""HTML from the templates, which escape every value."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.wrappers import Response

from ..endpoint.transport.browser import CONSOLE
from .site import Site

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def link(path: str, **query: object) -> str:
    """The address of a page of the console."""
    given = {name: value for name, value in query.items() if value not in ("", None)}
    return f"{CONSOLE}{path}" + (f"?{urlencode(given)}" if given else "")


def file_link(name: str) -> str:
    """The address of a script or a style sheet."""
    return f"{CONSOLE}/files/{name}"


def fragment(site: Site, template: str, **values: Any) -> str:
    """The HTML of a template."""
    shared = {"link": link, "file_link": file_link, "csrf": site.csrf, "url": site.endpoint.url}
    return _TEMPLATES.get_template(template).render(**shared, **values)


def page(site: Site, template: str, status: int = 200, **values: Any) -> Response:
    """The answer with a page."""
    return Response(fragment(site, template, **values), status, content_type="text/html")
