# SPDX-License-Identifier: MIT-0
"""The console's application: it routes requests to pages, and adds headers to every answer."""

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from werkzeug.exceptions import BadRequestKeyError, HTTPException, NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from inspect_execution.errors import InspectError

from ..endpoint.transport.browser import CONSOLE
from ..errors import error_without_data, is_throttling
from ..functions.lambda_error import LambdaError
from .assets import file
from .pages import ROUTES
from .rendering import page
from .site import Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# Scripts and styles are files of this address, and no other host is asked for anything.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Not no-referrer: a form would then be posted with the Origin null.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
FILES = f"{CONSOLE}/files/"


class Console:
    """Answers the requests for the pages of a site."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        answer = self._answer(Request(environ))
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer(environ, start_response)

    def _answer(self, request: Request) -> Response:
        try:
            return self._route(request)
        except BadRequestKeyError as error:
            return self._failure(request, 400, f"The request has no {error.args[0]}")
        except HTTPException as error:
            # moto's errors are of this class: then the description is the body of an answer.
            reason = getattr(error, "message", error.description) or ""
            return self._failure(request, error.code or 500, reason)
        except (ClientError, InspectError, LambdaError) as error:
            return self._failure(request, _status_of(error), str(error))
        except Exception as error:
            return self._failure(request, 500, f"The console failed: {error_without_data(error)}")

    def _route(self, request: Request) -> Response:
        if request.path == "/":
            return redirect(CONSOLE)
        if request.path.startswith(FILES):
            return file(request.path.removeprefix(FILES))
        views = ROUTES.get(request.path.removeprefix(CONSOLE).rstrip("/"))
        if views is None:
            raise NotFound(f"The console has no page {request.path}")
        view = views.get(request.method)
        if view is None:
            return Response(status=405, headers={"Allow": ", ".join(views)})
        if request.method == "POST":
            self._require_token(request)
        return view(self.site, request)

    def _require_token(self, request: Request) -> None:
        """Refuse a form that is not of a page of this console.

        Raises:
            HTTPException: its token is not the site's
        """
        given = request.form.get("csrf", "")
        if not secrets.compare_digest(given.encode(), self.site.csrf.encode()):
            raise NotFromHere

    def _failure(self, request: Request, status: int, reason: str) -> Response:
        return page(self.site, "failure.html", status=status, reason=reason, path=request.path)


def _status_of(error: ClientError | InspectError | LambdaError) -> int:
    """The status of a page that cannot be shown: mostly, what it is about does not exist."""
    code = getattr(error, "code", "")
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
    return 429 if is_throttling(code) else 404


class NotFromHere(HTTPException):
    code = 403
    description = (
        "The form is not of this console, or of one that has ended since: load its page again."
    )
