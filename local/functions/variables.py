# SPDX-License-Identifier: MIT-0
"""The rules by which the environment variables of a function are refused: Lambda's and, for what
has no effect here, our own.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

import json
import re
from collections.abc import Iterator, Mapping

MAX_BYTES = 4096
RESERVED = frozenset(
    {
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
    }
)
# A program that Lambda starts the runtime with.
_UNSUPPORTED = "AWS_LAMBDA_EXEC_WRAPPER"
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]+")
# What no variable of a process can hold.
_NO_TEXT = re.compile(r"[\0\ud800-\udfff]")
_REFUSED = (
    "Lambda was unable to configure your environment variables because the environment variables "
    "you have provided "
)


def variable_problems(variables: Mapping[str, str]) -> Iterator[str]:
    """Why variables are refused: their names, their values, or all of them together."""
    reserved = sorted(RESERVED & variables.keys())
    if reserved:
        yield (
            f"{_REFUSED}contains reserved keys that are currently not supported for modification. "
            f"Reserved keys used in this request: {', '.join(reserved)}"
        )
    for name in sorted(variables.keys() - RESERVED):
        if not _NAME.fullmatch(name):
            yield f"the name of the variable {name} must match {_NAME.pattern}"
    if _UNSUPPORTED in variables:
        yield f"the variable {_UNSUPPORTED} is not supported here"
    for name, value in variables.items():
        if _NO_TEXT.search(value):
            yield f"the value of the variable {name} has a NUL character or a surrogate"
    # As Lambda measures them. Its message also shows them, with the secrets that they have.
    text = json.dumps(dict(variables), separators=(",", ":"), ensure_ascii=False)
    size = len(text.encode(errors="surrogatepass"))
    if size > MAX_BYTES:
        yield f"{_REFUSED}exceeded the 4KB limit: they have {size} bytes"
