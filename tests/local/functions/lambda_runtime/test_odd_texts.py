# SPDX-License-Identifier: MIT-0
"""JSON that nests too deeply, and halves of surrogate pairs: the caller is told what is wrong."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from local.functions.sandboxes.fork_server import forking

from ....support.functions.durable_functions import DurableFunctions, durable_functions
from ....support.functions.sandboxes import sandbox, version_in

CODE = """
def handler(event, context):
    context.log("half of a pair: \\ud83d")
    return 1
"""
FAILS = "raise ValueError('\\ud83d')"


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DurableFunctions]:
    with durable_functions(tmp_path_factory.mktemp("functions"), Path()) as ready:
        ready.deploy("plain", CODE, execution_timeout=None)
        ready.deploy("fails", FAILS, execution_timeout=None)
        yield ready


def nested(depth: int) -> str:
    return depth * "[" + depth * "]"


def test_half_of_a_surrogate_pair_is_replaced_in_the_log(functions: DurableFunctions) -> None:
    answer = functions.client.invoke(FunctionName="plain", LogType="Tail")
    lines = base64.b64decode(answer["LogResult"]).decode().split("\n")

    assert answer["Payload"].read() == b"1"
    assert lines[1] == "half of a pair: ?"


def test_half_of_a_surrogate_pair_in_the_error_of_an_import_ends_the_runtime(
    functions: DurableFunctions,
) -> None:
    answer = functions.client.invoke(FunctionName="fails", LogType="Tail")

    assert json.load(answer["Payload"])["errorType"] == "Runtime.ExitError"


@pytest.mark.parametrize("invocation_type", ["RequestResponse", "Event"])
def test_an_event_that_is_nested_too_deeply_is_refused(
    functions: DurableFunctions, invocation_type: str
) -> None:
    with pytest.raises(ClientError) as refused:
        functions.client.invoke(
            FunctionName="plain", InvocationType=invocation_type, Payload=nested(100_000)
        )

    assert refused.value.response["Error"] == {
        "Code": "InvalidRequestContentException",
        "Message": "Could not parse request body into json: it is nested too deeply",
    }


def test_the_deepest_event_that_is_not_refused_is_handled(functions: DurableFunctions) -> None:
    refusals: set[str] = set()

    def is_handled(depth: int) -> bool:
        try:
            answer = functions.client.invoke(FunctionName="plain", Payload=nested(depth))
        except ClientError as error:
            refusals.add(error.response["Error"]["Code"])
            return False
        return bool(answer["Payload"].read() == b"1")

    handled, refused = 1, 100_000
    while refused - handled > 1:
        depth = (handled + refused) // 2
        handled, refused = (depth, refused) if is_handled(depth) else (handled, depth)

    assert refusals == {"InvalidRequestContentException"}
    assert handled > 500


def test_an_event_that_the_runtime_cannot_parse_is_a_function_error(tmp_path: Path) -> None:
    (tmp_path / "index.py").write_text(CODE)
    with sandbox(version_in(tmp_path), forking(0)) as started:
        error = json.loads(started.invoke(nested(100_000), "arn").payload)

    assert error["errorType"] == "Runtime.UnmarshalError"
    assert error["errorMessage"].startswith("Unable to unmarshal input: ")
