# SPDX-License-Identifier: MIT-0
"""What a handler finds around it: variables, time zone, layers, input, paths in stack traces."""

import json
from pathlib import Path

from local.endpoint.endpoint import Endpoint

from ..plain_function import PlainFunction

VARIABLES = {
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_DISABLE_HOST_PREFIX_INJECTION",
    "AWS_ENDPOINT_URL",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_FORMAT",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "LAMBDA_TASK_ROOT",
    "LANG",
    "TZ",
    "_X_AMZN_TRACE_ID",
}


def test_stack_traces_show_where_files_are_in_lambda(tmp_path: Path) -> None:
    code, layer = tmp_path / "code", tmp_path / "layer"
    for directory in (code, layer / "python"):
        directory.mkdir(parents=True)
    (layer / "python" / "shared.py").write_text("def fail(): raise ValueError('on purpose')\n")
    (code / "index.py").write_text("import shared\ndef handler(event, context): shared.fail()\n")
    with Endpoint() as endpoint:
        PlainFunction(endpoint, code).create("index.handler", layers=(layer,))
        answer = endpoint.client("lambda").invoke(FunctionName="plain")
        error = json.load(answer["Payload"])

    assert list(error) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert error["requestId"] == answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"]
    assert error["stackTrace"] == [
        '  File "/var/task/index.py", line 2, in handler\n'
        "    def handler(event, context): shared.fail()\n",
        '  File "/opt/python/shared.py", line 1, in fail\n'
        "    def fail(): raise ValueError('on purpose')\n",
    ]


def test_standard_input_is_empty_for_a_handler_and_what_it_starts(plain: PlainFunction) -> None:
    plain.deploy(
        """
import subprocess, sys

def handler(event, context):
    read = subprocess.run(["cat"], capture_output=True, text=True).stdout + sys.stdin.read()
    if event == 2:
        sys.stdin.close()
    return [event, read]
"""
    )

    assert [plain.invoke(event)["Payload"] for event in (1, 2)] == [[1, ""], [2, ""]]


def test_a_function_may_have_its_own_time_zone_and_language(
    plain: PlainFunction, tmp_path: Path
) -> None:
    (tmp_path / "function.py").write_text(
        "import os, time\n"
        "def handler(event, context): return [os.environ['LANG'], time.localtime(0).tm_hour]"
    )
    plain.create("function.handler", environment={"TZ": "UTC-7", "LANG": "C.UTF-8"})

    assert plain.invoke()["Payload"] == ["C.UTF-8", 7]


def test_of_two_layers_with_the_same_module_the_later_one_counts(
    plain: PlainFunction, tmp_path: Path
) -> None:
    layers = tmp_path / "first", tmp_path / "second"
    for layer in layers:
        (layer / "python").mkdir(parents=True)
        (layer / "python" / "layered.py").write_text(f"name = '{layer.name}'")
    (tmp_path / "function.py").write_text(
        "import layered\ndef handler(event, context): return layered.name"
    )
    plain.create("function.handler", layers=layers)

    assert plain.invoke()["Payload"] == "second"


def test_a_handler_has_these_variables_and_those_of_its_function(plain: PlainFunction) -> None:
    plain.deploy("import os\ndef handler(event, context): return sorted(os.environ)")

    # Python sets LC_CTYPE where there is no such locale.
    assert set(plain.invoke()["Payload"]) - {"LC_CTYPE"} == {"COLOUR", *VARIABLES}
