# SPDX-License-Identifier: MIT-0
"""The redaction of answers: a placeholder replaces each task token before other code reads them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..histories.recording import WITHHELD, placeholder
from .phrase_replacer import PhraseReplacer
from .task_tokens import MIN_TOKEN_CHARACTERS, find_tokens, named_tokens, written_forms

# The form of Step Functions' own tokens, for those in places where none is expected.
_AWS_TOKEN = re.compile(r"AAAAK[\w+/%\\-]{90,}=*|AQC[A-Z]A[\w+/%\\-]{90,}=*")
_MIN_AWS_TOKEN_CHARACTERS = 91


@dataclass(frozen=True)
class Redaction:
    """Replaces all known tokens, in all forms in which JSON and addresses hold them."""

    _replacer: PhraseReplacer

    @classmethod
    def of(cls, events: Iterable[dict[str, Any]], definition: str) -> "Redaction":
        """A redaction of the tokens of an execution's tasks."""
        found = find_tokens(events, definition)
        return cls.knowing(found.tokens, found.lookalikes)

    @classmethod
    def knowing(cls, tokens: Iterable[str], lookalikes: Iterable[str] = ()) -> "Redaction":
        """A redaction of these tokens, and of texts that may be one."""
        placeholders: dict[str, str] = {}
        for number, token in enumerate(dict.fromkeys(tokens), start=1):
            for form in written_forms(token):
                placeholders.setdefault(form, placeholder(number))
        for form in (form for text in lookalikes for form in written_forms(text)):
            placeholders.setdefault(form, WITHHELD)
        return cls._replacing(placeholders)

    @classmethod
    def _replacing(cls, placeholders: dict[str, str]) -> "Redaction":
        return cls(PhraseReplacer.of(placeholders, MIN_TOKEN_CHARACTERS))

    def also(self, value: Any) -> "Redaction":
        """This redaction with the tokens under a token's key in another answer, or in its JSON."""
        known = self._replacer.replacements
        more = [token for token in named_tokens(value) if token.rstrip("=") not in known]
        if not more:
            return self
        first = 1 + len(set(known.values()) - {WITHHELD})
        added = dict(known)
        for number, token in enumerate(dict.fromkeys(more), start=first):
            added |= dict.fromkeys(written_forms(token), placeholder(number))
        return self._replacing(added)

    def apply(self, value: Any) -> Any:
        """A copy of an answer without tokens: of a truncated text, without the start of one."""
        if isinstance(value, str):
            return self._redacted(value)
        if isinstance(value, list):
            return [self.apply(item) for item in value]
        if not isinstance(value, dict):
            return value
        clean = {self._redacted(str(key)): self.apply(item) for key, item in value.items()}
        if not _is_truncated(value):
            return clean
        return {key: self._without_start(item) for key, item in clean.items()}

    def _redacted(self, text: str) -> str:
        if len(text) < MIN_TOKEN_CHARACTERS:
            return text
        text = self._replacer.replace(text)
        return _AWS_TOKEN.sub(WITHHELD, text) if len(text) >= _MIN_AWS_TOKEN_CHARACTERS else text

    def _without_start(self, value: Any) -> Any:
        """A truncated text may end in the first part of a token."""
        if isinstance(value, dict):
            return {key: self._without_start(item) for key, item in value.items()}
        return (
            self._replacer.replace_start_at_end(value, WITHHELD)
            if isinstance(value, str)
            else value
        )


def _is_truncated(value: dict[str, Any]) -> bool:
    nested = (item for item in value.values() if isinstance(item, dict))
    return bool(value.get("Truncated")) or any(item.get("truncated") for item in nested)
