# SPDX-License-Identifier: MIT-0
"""Patches of the parser of definitions: what its runs share."""

import threading
from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor

from ...patching import replacing, wrapping

_parsing = threading.Lock()


@replacing(
    Preprocessor,
    "__init__",
    gap="The stack of query languages is shared by all threads, and left behind by a definition "
    "that is refused.",
    probe="refused_definition_leaves_its_query_language",
)
def _init(self: Preprocessor) -> None:
    self._query_language_per_scope = []


@wrapping(
    AmazonStateLanguageParser,
    "parse",
    gap="The caches of the parser's decisions are shared by all threads, without a lock.",
    probe="parser_caches_have_no_lock",
)
def _parse(original: Callable[[str], Any], definition: str) -> Any:
    with _parsing:
        return original(definition)
