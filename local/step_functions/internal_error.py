# SPDX-License-Identifier: MIT-0
"""The words for an exception of the interpreter that ends a task or an execution."""

import traceback
from pathlib import Path

from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.asl.utils.json_path import NoSuchJsonPathError


def described(error: BaseException) -> str:
    """Name the exception and where it was raised, without its own words, which may quote data.

    The words for a path that matches nothing are recorded from the service, which does quote data.
    """
    if isinstance(error, NoSuchJsonPathError):
        return _without_match(error)
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"The local interpreter raised {type(error).__name__}{place}"


def _without_match(error: NoSuchJsonPathError) -> str:
    field = getattr(error, "field", None)
    if field is None:
        return f"Invalid path '{error.json_path}' : No results for path: $['{error.json_path[2:]}']"
    return (
        f"The JSONPath '{error.json_path}' specified for the field '{field}' "
        f"could not be found in the input '{to_json_str(error.data)}'"
    )
