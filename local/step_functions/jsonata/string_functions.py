# SPDX-License-Identifier: MIT-0
"""JSONata's functions of texts that jsonata-python answers differently from JSONata 2.0.6."""

import base64
import binascii
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from jsonata.functions import Functions
from jsonata.utils import Utils

from .aws_functions import MEMORY_EXCEEDED
from .errors import EvaluationError, evaluation_failure
from .values import is_jsonata_function, is_number, nested_json_text, number_text

# Measured on AWS: a text doubled 22 times is accepted, 23 times is not.
MAX_CHARACTERS = 2**22
_REPLACEMENT = re.compile(r"\$(\$|\d+)?")


@dataclass(frozen=True)
class Match:
    """One match of a regular expression, or of a function in its place."""

    text: str
    start: int
    end: int
    groups: list[Any]


def limited_text(text: str) -> str:
    """The text, unless it is longer than the service accepts."""
    if len(text) > MAX_CHARACTERS:
        raise EvaluationError(None, MEMORY_EXCEEDED)
    return text


def string(value: Any, pretty: bool | None) -> str | None:
    if isinstance(value, Utils.JList) and value.outer_wrapper:
        value = value[0]
    if value is None or isinstance(value, str):
        return value
    if is_number(value):
        return number_text(value)
    return "" if is_jsonata_function(value) else nested_json_text(value, pretty=pretty is True)


def lowercase(text: str | None) -> str | None:
    return None if text is None else text.lower()


def pad(text: str | None, width: float | None, filling: str | None) -> str | None:
    if text is not None and width is not None and abs(width) > MAX_CHARACTERS:
        raise EvaluationError(None, MEMORY_EXCEEDED)
    padded: str | None = Functions.pad(text, width, filling)
    return padded


def regex_matches(pattern: Any, text: str, function: str) -> Iterator[Match]:
    """The matches of a regular expression, or of a function that gives one after the other."""
    if Functions.is_regex(pattern):
        for found in pattern.finditer(text):
            if not found.group():
                raise evaluation_failure("D1004")
            yield Match(found.group(), found.start(), found.end(), list(found.groups()))
        return
    result = Functions.func_apply(pattern, [text])
    while result is not None:
        if not isinstance(result, dict) or not {"match", "start", "end"} <= result.keys():
            raise evaluation_failure("T1010", function)
        groups = result.get("groups", [])
        yield Match(result["match"], int(result["start"]), int(result["end"]), groups)
        result = Functions.func_apply(result["next"], []) if "next" in result else None


def match(text: str | None, pattern: Any, limit: float | None) -> Any:
    if text is None:
        return None
    found = regex_matches(pattern, text, "match")
    return Utils.create_sequence_from_iter(
        {"match": each.text, "index": each.start, "groups": each.groups}
        for each in itertools.islice(found, _limit(limit, "D3040"))
    )


def contains(text: str | None, token: Any) -> bool | None:
    if text is None or token is None:
        return None
    if isinstance(token, str):
        return token in text
    return next(regex_matches(token, text, "contains"), None) is not None


def split(text: str | None, separator: Any, limit: float | None) -> list[str] | None:
    if text is None:
        return None
    count = None if limit is None else int(limit)
    if count is not None and count < 0:
        raise evaluation_failure("D3020", limit)
    if isinstance(separator, str):
        return (text.split(separator) if separator else list(text))[:count]
    parts, start = [], 0
    for each in regex_matches(separator, text, "split"):
        parts.append(text[start : each.start])
        start = each.end
    return [*parts, text[start:]][:count]


def replace(text: str | None, pattern: Any, replacement: Any, limit: float | None) -> str | None:
    if text is None:
        return None
    if pattern == "":
        raise evaluation_failure("D3010")
    count = _limit(limit, "D3011")
    if isinstance(pattern, str):
        return limited_text(text.replace(pattern, str(replacement), -1 if count is None else count))
    write = _written if isinstance(replacement, str) else _computed
    parts, start = [], 0
    for each in itertools.islice(regex_matches(pattern, text, "replace"), count):
        parts += [text[start : each.start], write(replacement, each)]
        start = each.end
    return limited_text("".join([*parts, text[start:]]))


def _written(template: str, found: Match) -> str:
    def reference(mark: re.Match[str]) -> str:
        if mark[1] is None or mark[1] == "$":
            return "$"
        # As many digits as there can be groups: $12 is $1 and a 2 if there are fewer than 12.
        digits = mark[1]
        longest = len(str(len(found.groups))) if found.groups else 1
        while len(digits) > 1 and (len(digits) > longest or int(digits) > len(found.groups)):
            digits = digits[:-1]
        index, rest = int(digits), mark[1][len(digits) :]
        group = found.text if index == 0 else None
        if 0 < index <= len(found.groups):
            group = found.groups[index - 1]
        return (group or "") + rest

    return _REPLACEMENT.sub(reference, template)


def _computed(function: Any, found: Match) -> str:
    given = {
        "match": found.text,
        "start": found.start,
        "end": found.end,
        "groups": found.groups,
    }
    written = Functions.func_apply(function, [given])
    if not isinstance(written, str):
        raise evaluation_failure("D3012", written)
    return written


def _limit(limit: float | None, code: str) -> int | None:
    if limit is not None and limit < 0:
        raise evaluation_failure(code, limit)
    return None if limit is None else -int(-limit // 1)


def base64decode(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return base64.b64decode(text).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise EvaluationError(None, "$base64decode was given a text that is not Base64") from None


def _url(name: str, convert: Callable[[str], str]) -> Callable[[str | None], str | None]:
    def function(text: str | None) -> str | None:
        try:
            return None if text is None else convert(text)
        except UnicodeError:
            raise evaluation_failure("D3140", name, text) from None

    return function


def _base64encode(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


SIGNATURES: dict[str, tuple[str, Callable[..., Any]]] = {
    "string": ("<x-b?:s>", string),
    "lowercase": ("<s-:s>", lowercase),
    "pad": ("<s-ns?:s>", pad),
    "match": ("<s-f<s:o>n?:a<o>>", match),
    "contains": ("<s-(sf):b>", contains),
    "split": ("<s-(sf)n?:a<s>>", split),
    "replace": ("<s-(sf)(sf)n?:s>", replace),
    "base64encode": ("<s-:s>", _url("base64encode", _base64encode)),
    "base64decode": ("<s-:s>", base64decode),
    "encodeUrl": ("<s-:s>", _url("encodeUrl", Functions.encode_url)),
    "encodeUrlComponent": ("<s-:s>", _url("encodeUrlComponent", Functions.encode_url_component)),
    "decodeUrl": ("<s-:s>", _url("decodeUrl", Functions.decode_url)),
    "decodeUrlComponent": ("<s-:s>", _url("decodeUrlComponent", Functions.decode_url_component)),
}
