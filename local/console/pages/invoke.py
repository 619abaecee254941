# SPDX-License-Identifier: MIT-0
"""The form that invokes a function by hand."""

import base64
import json
from typing import Any

from botocore.exceptions import ClientError
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from inspect_execution.histories.recording import PLACEHOLDER, WITHHELD

from ...functions.function import FunctionVersion
from ...step_functions.callback_task import without_tokens
from ..commands import STANDARD_INPUT, ShownCommand, TypedArgument, aws_command, with_input
from ..listing import input_of, latest_input
from ..rendering import link, page
from ..site import Site


def show(site: Site, request: Request) -> Response:
    """The form, with the input of an execution that is to be started again, or of the newest."""
    before, function = request.args.get("from", ""), request.args["function"]
    version = request.args.get("version") or _versions(site, function)[-1].number
    # An address may name one that does not exist.
    site.endpoint.lambda_service.functions.version(function, version)
    endpoint = site.endpoint
    given = input_of(endpoint, before) if before else latest_input(endpoint, function)
    return _form(site, function, version, _without_task(given))


def _without_task(given: str) -> str:
    """An event without its fields of task tokens: no task waits for what is invoked by hand."""
    if not PLACEHOLDER.search(given):
        return given
    event = json.loads(given, object_hook=_without_tokens)
    return json.dumps(event, ensure_ascii=False)


def _without_tokens(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if not _is_token(value)}


def _is_token(value: Any) -> bool:
    return isinstance(value, str) and PLACEHOLDER.fullmatch(value) is not None


def invoke(site: Site, request: Request) -> Response:
    """Invoke it: of a durable function, this leads to the page of its execution."""
    function, version = request.form["function"], request.form["version"]
    given = request.form["input"]
    is_durable = _is_durable(site, function)
    try:
        answer = site.endpoint.client("lambda").invoke(
            FunctionName=f"{function}:{version}",
            InvocationType="Event" if is_durable else "RequestResponse",
            Payload=given.encode(),
            **({} if is_durable else {"LogType": "Tail"}),
        )
    except ClientError as error:
        return _form(site, function, version, given, refusal=str(error))
    if is_durable:
        return redirect(link("/execution", arn=answer["DurableExecutionArn"]), 303)
    return _form(site, function, version, given, result=_result(answer))


def _result(answer: dict[str, Any]) -> dict[str, str]:
    log = base64.b64decode(answer.get("LogResult", "")).decode(errors="replace")
    return {
        "error": answer.get("FunctionError", ""),
        "payload": without_tokens(answer["Payload"].read().decode(errors="replace"), WITHHELD),
        "log": without_tokens(log, WITHHELD),
    }


def _versions(site: Site, function: str) -> list[FunctionVersion]:
    return site.endpoint.lambda_service.functions.versions(function)


def _is_durable(site: Site, function: str) -> bool:
    return _versions(site, function)[0].configuration.durable is not None


def _form(
    site: Site,
    function: str,
    version: str,
    given: str,
    refusal: str = "",
    result: dict[str, str] | None = None,
) -> Response:
    is_durable = _is_durable(site, function)
    return page(
        site,
        "invoke.html",
        status=400 if refusal else 200,
        function=function,
        version=version,
        versions=[each.number for each in reversed(_versions(site, function))],
        is_durable=is_durable,
        given=given,
        refusal=refusal,
        result=result,
        command=_command(site, function, is_durable),
    )


def _command(site: Site, function: str, is_durable: bool) -> ShownCommand:
    invoke = aws_command(
        site.endpoint,
        "lambda",
        "invoke",
        TypedArgument("--qualifier", "version"),
        function_name=function,
        invocation_type="Event" if is_durable else "RequestResponse",
        payload=STANDARD_INPUT,
    )
    return with_input(TypedArgument("", "input"), ShownCommand((*invoke.parts, "answer.json")))
