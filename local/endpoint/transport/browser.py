# SPDX-License-Identifier: MIT-0
"""Requests of a browser: those for the console, and those that a page from elsewhere makes it send.

A page whose own name leads to 127.0.0.1 (DNS rebinding) sends that name as Host; a page that posts
to another origin sends its own as Origin. https://owasp.org/www-community/attacks/DNS_Rebinding
"""

import re
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from ..error_response import error_response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

# Names under localhost, too: S3's clients put a bucket there, and no resolver leads it elsewhere.
# https://www.rfc-editor.org/rfc/rfc6761#section-6.3
_OWN_HOST = re.compile(r"(?:127\.0\.0\.1|\[::1\]|(?:[a-z0-9._-]+\.)?localhost)(?::(\d+))?", re.I)
_HTTP_PORT = "80"
CONSOLE = "/console"


def foreign(environ: "WSGIEnvironment") -> "WSGIApplication | None":
    """The refusal of a request for another host, or from another origin; None for any other."""
    host = environ.get("HTTP_HOST", "")
    origin = environ.get("HTTP_ORIGIN")
    port = str(environ["SERVER_PORT"])
    if not _is_own(host, port):
        reason = f"Host is {host!r}, and must be 127.0.0.1:{port} or localhost:{port}"
    elif origin is not None and origin.lower() != f"http://{host}".lower():
        reason = f"Origin is {origin!r}, and must be this address, http://{host}, or absent"
    else:
        return None
    return error_response(Request(environ), "ForeignRequest", 403, f"The request's {reason}")


def is_for_console(environ: "WSGIEnvironment") -> bool:
    """Whether it is for the console: every client of AWS signs its requests, a browser none."""
    if "HTTP_AUTHORIZATION" in environ:
        return False
    path = str(environ["PATH_INFO"])
    if path == "/":
        return "text/html" in environ.get("HTTP_ACCEPT", "")
    return path == CONSOLE or path.startswith(f"{CONSOLE}/")


def _is_own(host: str, port: str) -> bool:
    match = _OWN_HOST.fullmatch(host)
    return match is not None and (match.group(1) or _HTTP_PORT) == port
