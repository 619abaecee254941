# SPDX-License-Identifier: MIT-0
"""One evaluation of a parsed expression: jsonata-python's engine with JSONata's arithmetic."""

import inspect
import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from jsonata.jsonata import Jsonata
from jsonata.signature import Signature
from jsonata.utils import Utils

from ...patching import JSONATA, closing
from . import aws_functions, number_functions, string_functions
from .errors import EvaluationError, evaluation_failure
from .values import is_number, simplest_number

# Measured on AWS: [1..873782] is accepted, one element more is refused.
MAX_SEQUENCE_ELEMENTS = 873_782
_STEPS_BETWEEN_CHECKS = 64
# The prefix of callbacks that the engine looks up at every step; none is set: Evaluation.eval.
_CALLBACKS = "__evaluate_"
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "%": math.fmod,
}


class NativeFunction(Jsonata.JNativeFunction):
    """A function of ours, where the engine looks for its own."""

    def __init__(self, name: str, signature: str, function: Callable[..., Any]) -> None:
        self.function = None
        self.function_name = name
        self.signature = Signature(signature, name)
        self.method = function
        self.nargs = len(inspect.signature(function).parameters)

    def call(self, input: Any, args: Any) -> Any:
        given = list(args)[: self.nargs]
        return simplest_number(self.method(*given, *[None] * (self.nargs - len(given))))


class Frame(Jsonata.Frame):
    """Names and their values: a part of an expression looks names up far more often than once."""

    @closing(
        gap="A function that is bound to another name has that name in all evaluations.",
        probe="bound_function_is_renamed",
        release=JSONATA,
    )
    def bind(self, name: str, val: Any) -> None:
        if isinstance(val, Jsonata.JFunction):
            # The engine would rename the function, which all evaluations share, in messages.
            self.bindings[name] = val
        else:
            super().bind(name, val)

    def lookup(self, name: str) -> Any:
        if name.startswith(_CALLBACKS):
            return None
        frame = self
        while frame is not None:
            if name in frame.bindings:
                return frame.bindings[name]
            frame = frame.parent
        return None


def _library() -> Frame:
    frame = Frame(Jsonata.static_frame)
    for module in (aws_functions, number_functions, string_functions):
        for name, (signature, function) in module.SIGNATURES.items():
            frame.bind(name, NativeFunction(name, signature, function))
    # Not offered by the service, where $parse takes its place.
    frame.bind("eval", None)
    return frame


_LIBRARY = _library()


class _ThreadsParser:
    """The thread's parser, made when there is something to parse: evaluation asks for its flag."""

    dbg = False

    def parse(self, source: str) -> Any:
        return Jsonata.get_parser().parse(source)


_PARSER = _ThreadsParser()


class Evaluation(Jsonata):
    """The state of one evaluation: the parsed expression that it works on is shared by threads.

    Args:
        tree: the parsed expression
        millis: the time that $now and $millis tell
        max_depth: how many expressions may be inside each other
        max_seconds: how long it may compute, in seconds of its own thread
    """

    def __init__(self, tree: Any, millis: int, max_depth: int, max_seconds: float) -> None:
        self.ast, self.timestamp = tree, millis
        self.parser, self.errors = _PARSER, None
        self.input, self.environment = None, Frame(_LIBRARY)
        self._depth, self._max_depth = 0, max_depth
        self._steps, self._end = 0, time.thread_time() + max_seconds
        self._max_seconds = max_seconds

    def result(self, bindings: Mapping[str, Any], context: Any = None) -> Any:
        """The value, as the engine has it."""
        for name, value in bindings.items():
            self.environment.bind(name, value)
        self.environment.bind("$", context)
        if isinstance(context, list):
            context = Utils.create_sequence(context)
            context.outer_wrapper = True
        # What the engine's functions take for the evaluation under way in this thread.
        Jsonata.CURRENT.jsonata = self
        try:
            return self.eval(self.ast, context, self.environment)
        finally:
            del Jsonata.CURRENT.jsonata

    def eval(self, expr: Any, input: Any, environment: Any) -> Any:
        self._depth += 1
        self._steps += 1
        if self._depth > self._max_depth:
            raise EvaluationError(
                None,
                "Stack overflow error: Check for non-terminating recursive function. Consider "
                f"rewriting as tail-recursive. Depth={self._depth} max={self._max_depth}",
            )
        if self._steps % _STEPS_BETWEEN_CHECKS == 0 and time.thread_time() > self._end:
            raise EvaluationError(
                None,
                f"Expression evaluation timeout: {self._max_seconds:g} s. Check for infinite loop",
            )
        outside = self.input, self.environment
        try:
            return self._eval(expr, input, environment)
        finally:
            self.input, self.environment = outside
            self._depth -= 1

    def create_frame(self, enclosing_environment: Any = None) -> Frame:
        return Frame(enclosing_environment)

    @closing(
        gap="What is called and is no function is printed.",
        probe="what_cannot_be_called_is_printed",
        release=JSONATA,
    )
    def apply_inner(self, proc: Any, args: Any, input: Any, environment: Any) -> Any:
        if not self.is_function_like(proc):
            raise evaluation_failure("T1006")
        return super().apply_inner(proc, args, input, environment)

    @closing(
        gap="A character that is written as two escapes is two.",
        probe="surrogate_pair_is_two_characters",
        release=JSONATA,
    )
    def evaluate_literal(self, expr: Any) -> Any:
        value = super().evaluate_literal(expr)
        return _joined_surrogates(value) if isinstance(value, str) else value

    @closing(
        gap="An error inside of `and` and `or` has a name of its own.",
        probe="error_in_a_condition_loses_its_name",
        release=JSONATA,
    )
    def evaluate_binary(self, expr: Any, input: Any, environment: Any) -> Any:
        if expr.value in ("and", "or"):
            left = Jsonata.boolize(self.eval(expr.lhs, input, environment))
            if left == (expr.value == "or"):
                return left
            return Jsonata.boolize(self.eval(expr.rhs, input, environment))
        return super().evaluate_binary(expr, input, environment)

    @closing(
        gap="A negation loses the last digits of a large number.",
        probe="negation_loses_digits",
        release=JSONATA,
    )
    def evaluate_unary(self, expr: Any, input: Any, environment: Any) -> Any:
        if expr.value != "-":
            return super().evaluate_unary(expr, input, environment)
        value = self.eval(expr.expression, input, environment)
        if value is not None and not is_number(value):
            raise evaluation_failure("D1002", value)
        return None if value is None else -value

    @closing(
        gap="A remainder is cut to a whole number, and a division by zero raises Python's error.",
        probe="arithmetic_is_that_of_python",
        release=JSONATA,
    )
    def evaluate_numeric_expression(self, lhs: Any, rhs: Any, op: str | None) -> Any:
        for value, code in ((lhs, "T2001"), (rhs, "T2002")):
            if value is not None and not is_number(value):
                raise evaluation_failure(code, op, value)
        if lhs is None or rhs is None:
            return None
        left, right = float(lhs), float(rhs)
        try:
            return simplest_number(_ARITHMETIC[str(op)](left, right))
        except ZeroDivisionError:
            if left == 0 or math.isnan(left):
                return math.nan
            return math.copysign(math.inf, left) * math.copysign(1, right)
        except ValueError:
            return math.nan

    @closing(
        gap="A range may have ten million elements, more than the service has room for.",
        probe="range_is_larger_than_the_memory_of_the_service",
        release=JSONATA,
    )
    def evaluate_range_expression(self, lhs: Any, rhs: Any) -> Any:
        if is_number(lhs) and is_number(rhs) and rhs - lhs + 1 > MAX_SEQUENCE_ELEMENTS:
            raise EvaluationError(None, aws_functions.MEMORY_EXCEEDED)
        return super().evaluate_range_expression(lhs, rhs)

    def evaluate_string_concat(self, lhs: Any, rhs: Any) -> str:
        sides = (string_functions.string(side, False) or "" for side in (lhs, rhs))
        return string_functions.limited_text("".join(sides))

    @closing(gap="One is taken for true by `in`.", probe="one_includes_true", release=JSONATA)
    def evaluate_includes_expression(self, lhs: Any, rhs: Any) -> bool:
        if lhs is None or rhs is None:
            return False
        items = rhs if isinstance(rhs, list) else [rhs]
        return any(Utils.is_deep_equal(item, lhs) for item in items)


def _joined_surrogates(text: str) -> str:
    """A character that was written as two escapes is one."""
    if text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass")
