# SPDX-License-Identifier: MIT-0
"""Regular expressions as in JavaScript, matched with a time limit."""

import re
from collections.abc import Iterator
from typing import Any

from jsonata.regex_engine import RegexFlags

from .errors import EvaluationError

MAX_SECONDS = 5
# An escape (of a surrogate pair, of anything), a class of characters, or the end of the text.
_PART = re.compile(
    r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|\\.|\[(?:\\.|[^\]\\])*\]|(\$)",
    re.IGNORECASE | re.DOTALL,
)


class Pattern:
    """A compiled expression; the engine takes an object with these methods for one."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled
        self.search, self.sub, self.split = compiled.search, compiled.sub, compiled.split

    def finditer(self, text: str) -> Iterator[Any]:
        """Each match in turn.

        Raises:
            EvaluationError: the expression takes too long on this text
        """
        try:
            # Concurrent: other threads go on while this one matches.
            yield from self._compiled.finditer(text, timeout=MAX_SECONDS, concurrent=True)
        except TimeoutError:
            raise EvaluationError(
                None, f"Expression evaluation timeout: a regular expression ran for {MAX_SECONDS} s"
            ) from None


def compile_pattern(source: str, flags: RegexFlags) -> Pattern:
    """The pattern of a JSONata literal.

    Raises:
        EvaluationError: the source is not a regular expression
    """
    # Only here: most expressions have none.
    import regex

    options = regex.ASCII | (regex.IGNORECASE if flags.case_insensitive else 0)
    options |= regex.MULTILINE if flags.multiline else 0
    try:
        return Pattern(regex.compile(_in_python(source, flags.multiline), options))
    except regex.error as error:
        raise EvaluationError(None, f"Invalid regular expression /{source}/: {error}") from None


def _in_python(source: str, multiline: bool) -> str:
    def part(found: re.Match[str]) -> str:
        if found[1]:
            pair = bytes.fromhex(found[1]) + bytes.fromhex(found[2])
            return re.escape(pair.decode("utf-16-be"))
        # Python's $ also matches before a line feed at the end of the text.
        return r"\Z" if found[3] and not multiline else found[0]

    return _PART.sub(part, source)
