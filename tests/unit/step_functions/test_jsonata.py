# SPDX-License-Identifier: MIT-0
"""The evaluator of JSONata: values in and out, the service's functions, limits, wordings."""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local.patching import JSONATA, PATCHES, apply_patches
from local.step_functions.jsonata import EvaluationError, parse_expression, regular_expressions
from local.step_functions.patches import expressions

EMOJI = "\U0001f600é"


@pytest.fixture(autouse=True, scope="module")
def _patched() -> None:
    assert expressions
    assert JSONATA in {patch.release for patch in PATCHES}
    apply_patches()


def value(expression: str, **variables: Any) -> Any:
    return parse_expression(expression).evaluate(variables)


def predicate(expression: str, **variables: Any) -> str:
    with pytest.raises(EvaluationError) as raised:
        value(expression, **variables)
    return raised.value.predicate


@pytest.mark.parametrize(
    "given",
    [
        'a"b\\c\n',
        "{% $x %}",
        '"; $eval("1")',
        9_007_199_254_740_993,
        -(2**63),
        None,
        [],
        [[]],
        [None, {"a": None}],
        {"a": {"b": [1, [2]]}},
        EMOJI,
        True,
        0.1,
        1e300,
    ],
)
def test_a_variable_comes_out_as_it_went_in(given: Any) -> None:
    assert value("$x", x=given) == given
    assert value("{'nested': [$x]}.nested[0]", x={"in": given}) == {"in": given}


def test_numbers_have_their_simplest_form() -> None:
    assert repr(value("$x", x=[1.0, 1.5, 2**63, -0.0])) == "[1, 1.5, 9.223372036854776e+18, 0]"


def test_numbers_that_are_not_finite_are_texts_in_json() -> None:
    assert value("[1/0, -1/0, 0/0, 1e308 * 10]") == ["Infinity", "-Infinity", "NaN", "Infinity"]
    assert value("$string(1/0)") == "Infinity"


def test_a_variable_named_as_a_function_takes_its_place_in_its_own_evaluation_alone() -> None:
    assert value("$sum", sum=3) == 3
    assert value("$sum([1, 2])") == 3


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("$length($x)", 2),
        ("$substring($x, 0, 1)", "\U0001f600"),
        ("$split($x, '')", ["\U0001f600", "é"]),
        ("$pad($x, 4, '#')", EMOJI + "##"),
        ("$replace($x, '\U0001f600', 'x')", "xé"),
        ("$match($x, /./)[0].match", "\U0001f600"),
        (r"$contains($x, /^\uD83D\uDE00/)", True),
        (r"'\uD83D\uDE00é' = $x", True),
        ("$encodeUrlComponent($x)", "%F0%9F%98%80%C3%A9"),
        ("$base64encode($x)", "8J+YgMOp"),
        ("$base64decode($base64encode($x)) = $x", True),
        ("$string({'k': $x})", '{"k":"' + EMOJI + '"}'),
    ],
)
def test_a_character_outside_of_the_basic_plane_is_one(expression: str, result: Any) -> None:
    assert value(expression, x=EMOJI) == result


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("$partition([1,2,3,4,5], 2.9)", [[1, 2], [3, 4], [5]]),
        ("$partition([1,2], 5)", [[1, 2]]),
        ("$range(0, 6, 2)", [0, 2, 4, 6]),
        ("$range(5, 1, -2)", [5, 3, 1]),
        ("$range(-1.7, 2, 1)", [-1, 0, 1, 2]),
        ("$range(1, 1, 1)", 1),
        ("$count($range(1, 360145, 1))", 360_145),
        ("$hash('input', 'SHA-1')", "140f86aae51ab9e1cda9b4254fe98a74eb54c1a1"),
        ("$hash('é', 'SHA-1')", "bf15be717ac1b080b4f1c456692825891ff5073d"),
        ("$length($hash('', 'MD5'))", 32),
        ("$length($hash('', 'SHA-256'))", 64),
        ("$length($hash('', 'SHA-384'))", 96),
        ("$length($hash('', 'SHA-512'))", 128),
        ("$random(42)", 0.7275636800328681),
        ("$random(42.9) = $random(42)", True),
        ("$random() < 1", True),
        ("$random() = $random()", False),
        ("$parse('{\"a\": [1, null, 1.0]}')", {"a": [1, None, 1]}),
        ("$uuid() = $uuid()", False),
        ("$count(null)", 1),
        ("$map([1, 2], $uuid) ~> $count()", 2),
    ],
)
def test_the_functions_of_the_service(expression: str, result: Any) -> None:
    assert value(expression) == result


def test_a_uuid_is_of_version_4() -> None:
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-.{12}", value("$uuid()")
    )


@pytest.mark.parametrize(
    "expression",
    [
        "$partition([1], 0)",
        "$partition([], 1)",
        "$range(1, 2)",
        "$range(1, 2, -1)",
        "$range(1, 2, 0)",
        "$hash('a')",
        "$x",
        "$x.y",
        "{}.a",
    ],
)
def test_an_expression_without_a_value_returns_nothing(expression: str) -> None:
    assert predicate(expression) == "returned nothing (undefined)."


@pytest.mark.parametrize(
    ("expression", "tail"),
    [
        ('$eval("1+1")', "T1006: Attempted to invoke a non-function"),
        ("$abs('a')", 'T0410: Argument 1 of function "abs" does not match function signature'),
        ("$abs(null)", 'T0410: Argument 1 of function "abs" does not match function signature'),
        ("$sum(['a'])", 'T0412: Argument 1 of function "sum" must be an array of "numbers"'),
        ("'a' - 1", 'T2001: The left side of the "-" operator must evaluate to a number'),
        ("$number('x')", 'D3030: Unable to cast value to a number: "x"'),
        ("$error('why')", "D3137: why"),
        ("true and $error('why')", "D3137: why"),
        ("1 +", "S0207: Unexpected end of expression"),
        ("2()", "T1006: Attempted to invoke a non-function"),
    ],
)
def test_a_failure_has_its_code_and_the_words_of_the_reference(expression: str, tail: str) -> None:
    assert predicate(expression) == f"threw an error during evaluation. {tail}"


def test_a_function_keeps_its_name_in_messages_under_another_variable() -> None:
    assert 'function "sum"' in predicate("($mine := $sum; $mine(['a']))")
    assert 'function "sum"' in predicate("$sum(['a'])")


@pytest.mark.parametrize("expression", ["$sum", "[$sum]", "{'f': function($x){$x}}", "/a/"])
def test_a_function_is_no_result(expression: str) -> None:
    assert predicate(expression) == "returned an unsupported result type."


MEMORY = "threw an error during evaluation: Expression evaluation memory limit exceeded: "


@pytest.mark.parametrize(
    "expression",
    [
        "[1..873783] ~> $count()",
        "$range(1, 360146, 1)",
        "$pad('x', 1e12)",
        "($f := function($s, $n){$n = 0 ? $s : $f($s & $s, $n - 1)}; $f('x', 23))",
        "$replace($pad('', 2000000, 'a'), 'a', 'aaa')",
    ],
)
def test_values_that_the_service_calls_too_large_are_refused(expression: str) -> None:
    assert predicate(expression).startswith(MEMORY)


@pytest.mark.parametrize(
    ("fits", "does_not"),
    [
        ("+".join(["1"] * 100), "+".join(["1"] * 101)),
        ("(" * 99 + "1" + ")" * 99, "(" * 100 + "1" + ")" * 100),
        ("[" * 99 + "1" + "]" * 99, "[" * 100 + "1" + "]" * 100),
        *[
            tuple(
                f"($f := function($n){{$n = 0 ? 0 : 1 + $f($n - 1)}}; $f({depth}))"
                for depth in (31, 32)
            )
        ],
    ],
)
def test_expressions_may_be_inside_each_other_a_hundred_deep(fits: str, does_not: str) -> None:
    assert value(fits) is not None
    assert predicate(does_not).startswith("threw an error during evaluation: Stack overflow error")


def test_a_loop_without_an_end_is_ended() -> None:
    endless = parse_expression("($f := function($x){$f($x + 1)}; $f(1))")
    with pytest.raises(EvaluationError, match="timeout"):
        endless.evaluate({}, max_seconds=0.05)


def test_a_regular_expression_that_goes_on_for_ever_is_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(regular_expressions, "MAX_SECONDS", 0.05)
    assert "a regular expression ran for 0.05 s" in predicate(
        "$match($pad('', 60, 'a') & '!', /(a|aa)+$/)"
    )


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("$contains('a\n', /a$/)", False),
        ("$split('a1b2c', /\\d/)", ["a", "b", "c"]),
        ("$replace('John Smith', /(\\w+)\\s(\\w+)/, '$2, $1$$')", "Smith, John$"),
        ("$replace('68F', /(\\d+)F/, function($m){$string($number($m.groups[0]) * 2)})", "136"),
        ("$contains('É', /é/)", False),
    ],
)
def test_regular_expressions_are_those_of_javascript(expression: str, result: Any) -> None:
    assert value(expression) == result


def test_now_and_millis_tell_the_time_that_the_caller_models() -> None:
    parsed = parse_expression("[$now(), $millis(), $fromMillis($millis(), '[Y]')]")
    assert parsed.evaluate({}, millis=1_500) == ["1970-01-01T00:00:01.500Z", 1500, "1970"]


def test_a_transform_keeps_nulls() -> None:
    assert value("$x ~> |a|{'b': 2}|", x={"a": {"b": 1, "c": None}, "l": [None]}) == {
        "a": {"b": 2, "c": None},
        "l": [None],
    }


def test_values_that_a_caller_gives_are_never_changed() -> None:
    given: dict[str, Any] = {"a": [3, 1, None]}
    value("($sort($x.a[[0..1]]); $x ~> |$|{'z': 1}|; $append($x.a, 4))", x=given)
    assert given == {"a": [3, 1, None]}


def test_an_expression_is_parsed_once() -> None:
    assert parse_expression("$states.input.once") is parse_expression("$states.input.once")


def test_threads_evaluate_one_expression_at_the_same_time() -> None:
    parsed = parse_expression(
        "$sum($map($x.items, function($i){$i * $x.by})) & $substring(?, 0, 1)($x.s)"
    )

    def run(number: int) -> Any:
        return parsed.evaluate({"x": {"items": list(range(50)), "by": number, "s": f"{number}s"}})

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(16) as pool:
            results = list(pool.map(run, range(200)))
    finally:
        sys.setswitchinterval(interval)
    assert results == [f"{1225 * number}{str(number)[0]}" for number in range(200)]


def test_an_expression_knows_which_fields_of_states_it_reads() -> None:
    assert parse_expression("$states.input.a & $states.result").states_fields == frozenset(
        {"input", "result"}
    )
    assert parse_expression("$keys($states)").reads("context")
    assert not parse_expression("$states.input").reads("context")
    assert not parse_expression("$x").reads("input")
