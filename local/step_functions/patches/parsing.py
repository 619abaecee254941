# SPDX-License-Identifier: MIT-0
"""Patches of the parser of definitions: what its runs share."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

from moto.stepfunctions.parser.asl.component.common.query_language import QueryLanguageMode
from moto.stepfunctions.parser.asl.component.common.string.string_expression import StringLiteral
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from ...patching import replacing, setting, wrapping
from ..executions.program import parsed
from ..integrations.resources import states_of

_parsing = threading.Lock()
_validate = StepFunctionsParserBackend._validate_definition
# The name of a query language. Outside of the field QueryLanguage, the grammar has no place for it.
_LANGUAGE = re.compile(r'("QueryLanguage"\s*:\s*)?"J(SONata|SONPath)"')
_LANGUAGES = ("JSONata", "JSONPath")


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
    Preprocessor,
    "visitStates_decl",
    gap="States inside of a Map or Parallel state have the query language of that state, and not "
    "the machine's.",
    probe="inner_state_has_the_language_of_its_map",
)
def _visit_states(original: Callable[..., Any], self: Preprocessor, ctx: Any) -> Any:
    scopes = self._query_language_per_scope
    scopes.append(scopes[0])
    try:
        return original(self, ctx)
    finally:
        scopes.pop()


@wrapping(
    Preprocessor,
    "visitString_jsonata",
    gap="A text between {% and %} is refused in a JSONPath state, where it is a text.",
    probe="delimited_text_is_refused_in_json_path",
)
def _visit_delimited(original: Callable[..., Any], self: Preprocessor, ctx: Any) -> Any:
    if self._is_query_language(QueryLanguageMode.JSONPath):
        return StringLiteral(json.loads(ctx.getText()))
    return original(self, ctx)


@wrapping(
    AmazonStateLanguageParser,
    "parse",
    gap="No text may be the name of a query language.",
    probe="name_of_a_query_language_is_no_text",
)
def _parse_escaped(original: Callable[[str], Any], definition: str) -> Any:
    are_fields = iter(_are_fields(definition))

    def escaped(match: re.Match[str]) -> str:
        key = match[1] or ""
        return match[0] if key and next(are_fields, True) else f'{key}"\\u004a{match[2]}"'

    return original(_LANGUAGE.sub(escaped, definition))


def _are_fields(definition: str) -> list[bool]:
    """Of each key QueryLanguage with the name of one, in order: is it a field, or a key of data?

    None of a definition that is malformed: the parser tells what is wrong with it.
    """
    try:
        machine = json.loads(definition)
        states = [state for _, _, state in states_of(machine)]
    except (ValueError, AttributeError, TypeError):
        return []
    holders = {id(holder) for holder in (machine, *states)}
    return list(_languages(machine, holders))


def _languages(value: Any, holders: set[int]) -> Iterator[bool]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        if key == "QueryLanguage" and item in _LANGUAGES:
            yield id(value) in holders
        elif isinstance(item, dict | list):
            yield from _languages(item, holders)


@wrapping(
    AmazonStateLanguageParser,
    "parse",
    gap="The caches of the parser's decisions are shared by all threads, without a lock.",
    probe="parser_caches_have_no_lock",
)
def _parse_alone(original: Callable[[str], Any], definition: str) -> Any:
    with _parsing:
        return original(definition)


def _validate_definition(definition: str) -> None:
    try:
        parsed(definition)
    except Exception:
        # Which makes an error of the API of it.
        _validate(definition)


setting(
    StepFunctionsParserBackend,
    "_validate_definition",
    staticmethod(_validate_definition),
    gap="A definition is parsed to validate it, and again to run it.",
    probe="validation_forgets_its_program",
)
