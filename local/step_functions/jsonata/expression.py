# SPDX-License-Identifier: MIT-0
"""Expressions: parsed once in the life of the process, evaluated by any thread."""

import functools
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsonata.jsonata import Jsonata
from jsonata.parser import Parser

from .engine import Evaluation
from .errors import EvaluationError, evaluation_error
from .regular_expressions import compile_pattern
from .values import to_engine, to_json_value

# Measured on AWS: one expression more inside another is refused.
MAX_DEPTH = 100
# The service has a limit and does not document it. This one is ours: time of the thread alone.
MAX_SECONDS = 5.0
_CACHED_EXPRESSIONS = 4096
_STATES = "states"


@dataclass(frozen=True)
class Expression:
    """A parsed expression.

    Args:
        source: its text, without {% and %}
        tree: what the parser made of it; never changed
        variables: the names of the variables that it mentions, without $; `states` is one
        states_fields: the fields of $states that it reads; None if it takes $states as a whole
    """

    source: str
    tree: Any
    variables: frozenset[str]
    states_fields: frozenset[str] | None

    def evaluate(
        self,
        variables: Mapping[str, Any],
        *,
        millis: int | None = None,
        max_depth: int = MAX_DEPTH,
        max_seconds: float = MAX_SECONDS,
    ) -> Any:
        """The expression's JSON value.

        Args:
            variables: JSON values by name, without $; a name that is missing is undefined
            millis: the time that $now and $millis tell, in milliseconds since the epoch
            max_depth: how many expressions may be inside each other
            max_seconds: how long it may compute

        Raises:
            EvaluationError: it fails, takes too long, or has no value that is JSON
        """
        now = int(time.time() * 1000) if millis is None else millis
        evaluation = Evaluation(self.tree, now, max_depth, max_seconds)
        bindings = {name: to_engine(value) for name, value in variables.items()}
        try:
            return to_json_value(evaluation.result(bindings))
        except Exception as error:
            raise evaluation_error(error) from error

    def reads(self, field: str) -> bool:
        """Whether the expression can see that field of $states."""
        if _STATES not in self.variables:
            return False
        return self.states_fields is None or field in self.states_fields


@functools.lru_cache(_CACHED_EXPRESSIONS)
def parse_expression(source: str) -> Expression:
    """The parsed expression; the same object for the same text.

    Raises:
        EvaluationError: the text is not JSONata
    """
    try:
        tree = Jsonata.get_parser().parse(source, compile_pattern)
    except KeyError as error:
        raise EvaluationError("S0204", f'Unknown operator: "{error.args[0]}"') from error
    except IndexError as error:
        raise EvaluationError("S0106", "Comment has no closing tag") from error
    except Exception as error:
        raise _syntax_error(evaluation_error(error), source) from error
    symbols = list(symbols_of(tree))
    fields = [_states_field(symbol) for symbol in symbols if symbol.type == "path"]
    used = {field for field in fields if field}
    mentions = [symbol for symbol in symbols if _is_variable(symbol, _STATES)]
    return Expression(
        source,
        tree,
        frozenset(str(each.value) for each in symbols if each.type == "variable" and each.value),
        frozenset(used) if len(mentions) == len([field for field in fields if field]) else None,
    )


def _syntax_error(error: EvaluationError, source: str) -> EvaluationError:
    # jsonata-python names an escape that there is not as it names an empty regular expression.
    if error.code == "S0301" and "//" not in source:
        return EvaluationError("S0103", "Unsupported escape sequence in a string literal")
    return error


def symbols_of(tree: Any) -> Iterator[Any]:
    """Every symbol of a parsed expression, once."""
    seen: set[int] = set()
    waiting = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list | tuple):
            waiting.extend(item)
        elif isinstance(item, Parser.Symbol) and id(item) not in seen:
            seen.add(id(item))
            yield item
            waiting.extend(
                value for name, value in vars(item).items() if not name.startswith("_outer")
            )


def _is_variable(symbol: Any, name: str) -> bool:
    return bool(symbol.type == "variable" and symbol.value == name)


def _states_field(path: Any) -> str | None:
    """The field of $states that a path starts with: input in $states.input.order."""
    first, *rest = path.steps
    if not _is_variable(first, _STATES) or first.predicate or first.group or not rest:
        return None
    return str(rest[0].value) if rest[0].type == "name" else None
