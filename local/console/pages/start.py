# SPDX-License-Identifier: MIT-0
"""The form that starts an execution of a state machine."""

from typing import Any

from botocore.exceptions import ClientError
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from inspect_execution.histories.recording import WITHHELD

from ...step_functions.callback_task import without_tokens
from ..commands import TypedArgument, aws_command
from ..listing import input_of
from ..rendering import link, page
from ..site import Site

EXPRESS = "EXPRESS"


def show(site: Site, request: Request) -> Response:
    """The form, with the example's input, or that of an execution that is to be started again."""
    before = request.args.get("from", "")
    given = input_of(site.endpoint, before) if before else site.example_input()
    return _form(site, request.args["machine"], given, "")


def start(site: Site, request: Request) -> Response:
    """Start it, and lead to its page; the form again where the service refuses."""
    machine, given = request.form["machine"], request.form["input"]
    name = request.form.get("name", "")
    client = site.endpoint.client("stepfunctions")
    arguments = {"stateMachineArn": machine, "input": given, **({"name": name} if name else {})}
    try:
        if _type(site, machine) == EXPRESS:
            # It has no history: its result is all there is to show.
            result = client.start_sync_execution(**arguments)
            return _form(site, machine, given, name, result=_result(result))
        started = client.start_execution(**arguments)
    except ClientError as error:
        return _form(site, machine, given, name, refusal=str(error))
    return redirect(link("/execution", arn=started["executionArn"]), 303)


def _result(answer: dict[str, Any]) -> dict[str, str]:
    """The status, the error and the data of StartSyncExecution's answer."""
    data = str(answer.get("output") or answer.get("cause") or "")
    return {
        "status": str(answer["status"]),
        "error": str(answer.get("error") or ""),
        "data": without_tokens(data, WITHHELD),
    }


def _type(site: Site, machine: str) -> str:
    client = site.endpoint.client("stepfunctions")
    return str(client.describe_state_machine(stateMachineArn=machine)["type"])


def _form(
    site: Site,
    machine: str,
    given: str,
    name: str,
    refusal: str = "",
    result: dict[str, str] | None = None,
) -> Response:
    is_express = _type(site, machine) == EXPRESS
    operation = "start-sync-execution" if is_express else "start-execution"
    return page(
        site,
        "start.html",
        status=400 if refusal else 200,
        machine=machine,
        machine_name=machine.split(":", 6)[-1],
        given=given,
        name=name,
        refusal=refusal,
        result=result,
        command=aws_command(
            site.endpoint,
            "stepfunctions",
            operation,
            TypedArgument("--input", "input"),
            TypedArgument("--name", "name", is_optional=True),
            state_machine_arn=machine,
        ),
    )
