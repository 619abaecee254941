# SPDX-License-Identifier: MIT-0
"""Takes task tokens out of everything that was read, before anything else looks at it.

A task token is a credential: whoever has it can answer for the task. Each one is replaced by a
number, so that two places with the same token can still be told to be about the same task.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

# Shorter texts are no tokens, and would be found everywhere.
MIN_TOKEN_CHARACTERS = 16
PLACEHOLDER = re.compile(r"\[task token (?:\d+|withheld)\]")
WITHHELD = "[task token withheld]"
_KEY = re.compile(r"(?i)(task)?[_-]?token")
# What Step Functions' own tokens look like, for those that stand where nobody would expect them.
_REAL = re.compile(r"AAAAK[\w+/%\\-]{90,}=*|AQC[A-Z]A[\w+/%\\-]{90,}=*")
_RUN = re.compile(r"[\w+/%\\.:~-]{16,}")
_CALLBACK = ".waitForTaskToken"
_REFERENCE = re.compile(r"(\$\$|\$states\.context)\.Task\.Token")


@dataclass(frozen=True)
class Redaction:
    """Replaces every occurrence of every token it knows."""

    _placeholders: dict[str, str]
    # Where one may begin: a long text is looked through once, however many tokens there are.
    _starts: re.Pattern[str]
    # How long those are that begin with the same characters, the longest first.
    _lengths: dict[str, tuple[int, ...]]
    _sorted: tuple[str, ...]

    @classmethod
    def of(cls, events: Iterable[dict[str, Any]], definition: str) -> "Redaction":
        """The tokens of an execution's own tasks."""
        tokens: list[str] = []
        lookalikes: list[str] = []
        places = _places(definition)
        for parameters in _callback_parameters(events):
            placed = list(_at(parameters, places))
            tokens += [*_named(parameters), *placed]
            if not placed:
                lookalikes += _lookalikes(parameters)
        return cls.knowing(tokens, lookalikes)

    @classmethod
    def knowing(cls, tokens: Iterable[str], lookalikes: Iterable[str] = ()) -> "Redaction":
        """A redaction of these tokens, and of texts that may be one."""
        placeholders: dict[str, str] = {}
        for number, token in enumerate(dict.fromkeys(tokens), start=1):
            for form in _forms(token):
                placeholders.setdefault(form, f"[task token {number}]")
        for form in (form for text in lookalikes for form in _forms(text)):
            placeholders.setdefault(form, WITHHELD)
        return cls._replacing(placeholders)

    @classmethod
    def _replacing(cls, placeholders: dict[str, str]) -> "Redaction":
        lengths: dict[str, set[int]] = {}
        for form in placeholders:
            lengths.setdefault(form[:MIN_TOKEN_CHARACTERS], set()).add(len(form))
        longest_first = {
            start: tuple(sorted(each, reverse=True)) for start, each in lengths.items()
        }
        starts = re.compile(_any_of(list(longest_first)))
        return cls(placeholders, starts, longest_first, tuple(sorted(placeholders)))

    def also(self, value: Any) -> "Redaction":
        """The same, and the tokens that stand under a token's name in another service's data."""
        known = set(self._placeholders)
        more = [token for token in _named(_parsed(value)) if token.rstrip("=") not in known]
        if not more:
            return self
        first = 1 + len(set(self._placeholders.values()) - {WITHHELD})
        added = dict(self._placeholders)
        for number, token in enumerate(dict.fromkeys(more), start=first):
            added |= dict.fromkeys(_forms(token), f"[task token {number}]")
        return self._replacing(added)

    def apply(self, value: Any) -> Any:
        """A copy of an API's answer without tokens; of a text cut short, not even their start."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self.apply(item) for item in value]
        if not isinstance(value, dict):
            return value
        clean = {self._text(str(key)): self.apply(item) for key, item in value.items()}
        return {k: self._without_start(v) for k, v in clean.items()} if _is_cut(value) else clean

    def _text(self, text: str) -> str:
        if len(text) < MIN_TOKEN_CHARACTERS:
            return text
        text = self._without_known(text) if self._placeholders else text
        return _REAL.sub(WITHHELD, text) if len(text) > 90 else text

    def _without_known(self, text: str) -> str:
        parts: list[str] = []
        done = at = 0
        while start := self._starts.search(text, at):
            at = start.start()
            ends = (at + length for length in self._lengths[start.group()])
            end = next((end for end in ends if text[at:end] in self._placeholders), None)
            if end is None:
                at += 1
                continue
            parts += [text[done:at], self._placeholders[text[at:end]]]
            done = at = end
        return "".join((*parts, text[done:]))

    def _without_start(self, value: Any) -> Any:
        """A cut text may end in the first part of a token."""
        if isinstance(value, dict):
            return {key: self._without_start(item) for key, item in value.items()}
        if not isinstance(value, str):
            return value
        tail = value[-1200:]
        for start in range(len(tail) - 3):
            end = tail[start:]
            index = bisect_left(self._sorted, end)
            if index < len(self._sorted) and self._sorted[index].startswith(end):
                return value[: len(value) - len(end)] + WITHHELD
        return value


def _any_of(texts: list[str]) -> str:
    """A pattern of texts of one length that looks at each character once: as a mere list of them
    all, it would try one after the other at every place.
    """
    by_first: dict[str, list[str]] = {}
    for text in texts:
        by_first.setdefault(text[:1], []).append(text[1:])
    parts = [
        re.escape(first) + (_any_of(rest) if first else "") for first, rest in by_first.items()
    ]
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def _is_cut(value: dict[str, Any]) -> bool:
    nested = (item for item in value.values() if isinstance(item, dict))
    return bool(value.get("Truncated")) or any(item.get("truncated") for item in nested)


def _forms(token: str) -> tuple[str, ...]:
    """A token as it stands in JSON, in an address, in JSON of those who escape slashes or (.NET)
    plus signs, and in JSON within JSON of theirs.
    """
    bare = token.rstrip("=")
    escaped = [bare.replace(*each) for each in (("/", "\\/"), ("+", "\\u002B"), ("+", "\\u002b"))]
    nested = [form.replace("\\", "\\\\") for form in escaped]
    return bare, quote(bare, safe=""), *escaped, *nested


def _callback_parameters(events: Iterable[dict[str, Any]]) -> Iterator[Any]:
    for event in events:
        details = event.get("taskScheduledEventDetails") or {}
        if str(details.get("resource", "")).endswith(_CALLBACK):
            yield _parsed(details.get("parameters", ""))


def _named(value: Any) -> Iterator[str]:
    """The texts that stand under a name such as TaskToken, at any depth."""
    for path, text in _leaves(value):
        if path and _KEY.fullmatch(path[-1]) and _may_be(text):
            yield text


def _at(value: Any, places: list[tuple[str, ...]]) -> Iterator[str]:
    for path, text in _leaves(value):
        if path in places and _may_be(text):
            yield text


def _lookalikes(value: Any) -> Iterator[str]:
    """The token stands somewhere: where the definition does not show the place, all that it
    could be is withheld.
    """
    for path, text in _leaves(value):
        # A function's name may be as long, and tells which durable execution it is.
        if path == ("FunctionName",):
            continue
        for run in re.findall(r"[\w+/-]{32,}", unquote(text)):
            yield from (part for part in {run, *run.split("/")} if len(part) >= 32)


def _may_be(text: str) -> bool:
    return len(text) >= MIN_TOKEN_CHARACTERS and _RUN.fullmatch(text.rstrip("=")) is not None


def _places(definition: str) -> list[tuple[str, ...]]:
    """Where a definition puts the token, as paths within a task's parameters."""
    places = []
    for path, text in _leaves(_parsed(definition)):
        for root in ("Arguments", "Parameters"):
            if root in path and _REFERENCE.search(text):
                inner = path[path.index(root) + 1 :]
                places.append((*inner[:-1], inner[-1].removesuffix(".$")) if inner else ())
    return places


def _leaves(value: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text in a JSON value with its path; an explicit stack, because JSON may be deep."""
    stack: list[tuple[tuple[str, ...], Any]] = [((), value)]
    while stack:
        path, item = stack.pop()
        if isinstance(item, str):
            yield path, item
        elif isinstance(item, dict):
            stack.extend(((*path, str(key)), nested) for key, nested in item.items())
        elif isinstance(item, list):
            stack.extend(((*path, str(index)), nested) for index, nested in enumerate(item))


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value
