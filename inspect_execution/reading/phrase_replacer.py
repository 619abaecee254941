# SPDX-License-Identifier: MIT-0
"""The replacement of many phrases in a text, in one pass over the text."""

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

_MAX_END_CHARACTERS = 1200
_MIN_END_CHARACTERS = 4


@dataclass(frozen=True)
class PhraseReplacer:
    """Replaces phrases, of which the longest that fits counts."""

    replacements: Mapping[str, str]
    # A phrase begins where this pattern matches.
    _starts: re.Pattern[str]
    # The lengths of the phrases with the same first characters, the longest first.
    _lengths: Mapping[str, tuple[int, ...]]
    _sorted: tuple[str, ...]

    @classmethod
    def of(cls, replacements: Mapping[str, str], start_characters: int) -> "PhraseReplacer":
        """A replacer of the keys by their values.

        Args:
            start_characters: how many characters of a phrase are searched for first
        """
        lengths: dict[str, set[int]] = {}
        for phrase in replacements:
            lengths.setdefault(phrase[:start_characters], set()).add(len(phrase))
        longest_first = {
            start: tuple(sorted(each, reverse=True)) for start, each in lengths.items()
        }
        starts = re.compile(_any_of(list(longest_first)))
        return cls(replacements, starts, longest_first, tuple(sorted(replacements)))

    def replace(self, text: str) -> str:
        if not self.replacements:
            return text
        parts: list[str] = []
        done = at = 0
        while start := self._starts.search(text, at):
            at = start.start()
            end = self._phrase_end(text, at, self._lengths[start.group()])
            if end is None:
                at += 1
                continue
            parts += [text[done:at], self.replacements[text[at:end]]]
            done = at = end
        return "".join((*parts, text[done:]))

    def _phrase_end(self, text: str, at: int, lengths: tuple[int, ...]) -> int | None:
        ends = (at + length for length in lengths)
        return next((end for end in ends if text[at:end] in self.replacements), None)

    def replace_start_at_end(self, text: str, replacement: str) -> str:
        """Replace the first part of a phrase, at least four characters, where a text ends in it."""
        tail = text[-_MAX_END_CHARACTERS:]
        for start in range(len(tail) - _MIN_END_CHARACTERS + 1):
            if self._is_start(tail[start:]):
                return text[: len(text) - len(tail) + start] + replacement
        return text

    def _is_start(self, text: str) -> bool:
        index = bisect_left(self._sorted, text)
        return index < len(self._sorted) and self._sorted[index].startswith(text)


def _any_of(texts: list[str]) -> str:
    """A pattern of texts of one length. It looks at each character once, where a list of
    alternatives would try one after the other at every character.
    """
    by_first: dict[str, list[str]] = {}
    for text in texts:
        by_first.setdefault(text[:1], []).append(text[1:])
    parts = [
        re.escape(first) + (_any_of(rest) if first else "") for first, rest in by_first.items()
    ]
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"
