# SPDX-License-Identifier: MIT-0
"""The words for an exception of the interpreter that ends a task or an execution."""

from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.asl.utils.json_path import NoSuchJsonPathError

from ...errors import error_without_data


def described(error: BaseException) -> str:
    """Name the exception and where it was raised, without data.

    The words for a path that matches nothing are recorded from the service, which does quote data.
    """
    if isinstance(error, NoSuchJsonPathError):
        return _without_match(error)
    return f"The local interpreter raised {error_without_data(error)}"


def _without_match(error: NoSuchJsonPathError) -> str:
    field = getattr(error, "field", None)
    if field is None:
        return f"Invalid path '{error.json_path}' : No results for path: $['{error.json_path[2:]}']"
    return (
        f"The JSONPath '{error.json_path}' specified for the field '{field}' "
        f"could not be found in the input '{to_json_str(error.data)}'"
    )
