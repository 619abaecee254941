# SPDX-License-Identifier: MIT-0
"""The page that asks for confirmation of an action, and then performs it."""

from botocore.exceptions import ClientError
from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from ..actions.action import Action
from ..actions.catalogue import actions
from ..rendering import link, page
from ..site import Site
from ..view import durable_arns, is_durable


def ask(site: Site, request: Request) -> Response:
    """The question, with the command of the AWS CLI that does the same."""
    arn = request.args["arn"]
    return _question(site, arn, _action(site, arn, request.args["action"]))


def act(site: Site, request: Request) -> Response:
    """Do it, and lead back to the execution; ask again where the service refuses."""
    arn = request.form["arn"]
    action = _action(site, arn, request.form["action"])
    given = {field.name: request.form.get(field.name, "") for field in action.fields}
    try:
        action.act(given)
    except ClientError as error:
        return _question(site, arn, action, given, str(error))
    is_deleted = is_durable(arn) and action.key.startswith("delete ")
    return redirect(link("") if is_deleted else link("/execution", arn=arn), 303)


def _action(site: Site, arn: str, key: str) -> Action:
    """The action of that key.

    Raises:
        NotFound: it cannot be done now
    """
    for action in actions(site.endpoint, arn, durable_arns(site.endpoint, arn)):
        if action.key == key:
            return action
    raise NotFound("This can no longer be done: the execution has gone on.")


def _question(
    site: Site,
    arn: str,
    action: Action,
    given: dict[str, str] | None = None,
    refusal: str = "",
) -> Response:
    return page(
        site,
        "act.html",
        status=400 if refusal else 200,
        arn=arn,
        action=action,
        given=given or {field.name: field.value for field in action.fields},
        refusal=refusal,
    )
