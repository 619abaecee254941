# SPDX-License-Identifier: MIT-0
"""The syntax of intrinsic functions: text to a tree of calls, literals and paths."""

import json
import re
from dataclasses import dataclass
from typing import Any

MAX_NESTED_CALLS = 10
NAMES = frozenset(
    [
        "Array",
        "ArrayContains",
        "ArrayGetItem",
        "ArrayLength",
        "ArrayPartition",
        "ArrayRange",
        "ArrayUnique",
        "Base64Decode",
        "Base64Encode",
        "Format",
        "Hash",
        "JsonMerge",
        "JsonToString",
        "MathAdd",
        "MathRandom",
        "StringSplit",
        "StringToJson",
        "UUID",
    ]
)
# https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
TEXT_FUNCTIONS = frozenset(
    ["ArrayGetItem", "Base64Decode", "Base64Encode", "Format", "Hash", "JsonToString", "UUID"]
)
_NAME = re.compile(r"States\.(\w+)\(")
_STRING = re.compile(r"'((?:[^'\\]|\\['{}\\])*)'")
_ESCAPE = re.compile(r"\\(['{}\\])")
_WORD = re.compile(r"true\b|false\b|null\b|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])")
_SPACE = re.compile(r"\s*")


class IntrinsicSyntaxError(ValueError):
    """The text is no intrinsic function."""


@dataclass(frozen=True)
class Literal:
    """A literal argument; `raw` is a string's text before its escapes are taken away."""

    value: Any
    raw: str | None = None


@dataclass(frozen=True)
class Path:
    """An argument that starts with `$`: a JSONPath, a context path or a variable."""

    text: str


@dataclass(frozen=True)
class IntrinsicCall:
    """A function, by its name without `States.`, and its arguments."""

    name: str
    arguments: tuple["Literal | Path | IntrinsicCall", ...]


def parse_intrinsic(text: str) -> IntrinsicCall:
    """The call that the text is.

    Raises:
        IntrinsicSyntaxError: it is none, or has more than 10 nested calls
    """
    reader = _Reader(text.strip())
    call = reader.call(depth=1)
    if reader.position != len(reader.text):
        raise IntrinsicSyntaxError(f"text after the call: {text}")
    return call


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def call(self, depth: int) -> IntrinsicCall:
        name = self._take(_NAME)
        if name is None or name[1] not in NAMES or depth > MAX_NESTED_CALLS:
            raise IntrinsicSyntaxError(f"no intrinsic function: {self.text[self.position :]}")
        arguments: list[Literal | Path | IntrinsicCall] = []
        self._take(_SPACE)
        while not self._is_next(")"):
            if arguments:
                self._require(",")
            arguments.append(self._argument(depth))
            self._take(_SPACE)
        self._require(")")
        return IntrinsicCall(name[1], tuple(arguments))

    def _argument(self, depth: int) -> "Literal | Path | IntrinsicCall":
        self._take(_SPACE)
        if self._is_next("$"):
            return self._path()
        if self._is_next("S"):
            return self.call(depth + 1)
        if string := self._take(_STRING):
            return Literal(_ESCAPE.sub(r"\1", string[1]), string[1])
        if word := self._take(_WORD):
            return Literal(json.loads(word[0]))
        raise IntrinsicSyntaxError(f"no argument: {self.text[self.position :]}")

    def _path(self) -> Path:
        """Read up to the comma or parenthesis that is in no bracket and in no quotes."""
        start, depth, quote = self.position, 0, ""
        for position in range(start, len(self.text)):
            character = self.text[position]
            if quote:
                quote = "" if character == quote else quote
            elif character in "'\"":
                quote = character
            elif depth == 0 and character in ",)":
                self.position = position
                return Path(self.text[start:position].rstrip())
            else:
                depth += (character in "[(") - (character in "])")
        raise IntrinsicSyntaxError(f"the call has no end: {self.text}")

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.position)
        if match is not None:
            self.position = match.end()
        return match

    def _is_next(self, text: str) -> bool:
        return self.text.startswith(text, self.position)

    def _require(self, text: str) -> None:
        if not self._is_next(text):
            raise IntrinsicSyntaxError(f"{text} is missing: {self.text[self.position :]}")
        self.position += len(text)
