# SPDX-License-Identifier: MIT-0
"""What a failure may be called and how much of it is told."""

import json

import pytest

from failure import Failure, InvalidInput


def test_name_and_message_are_cut_to_what_step_functions_takes() -> None:
    error = type("E" * 300, (Exception,), {})("c" * 40_000)

    assert Failure.of(error) == Failure("E" * 256, "c" * 32_768)


def test_a_secret_is_taken_out_before_the_message_is_cut() -> None:
    failure = Failure.of(ValueError("c" * 32_760 + "the-secret"), secret="the-secret")

    assert failure.message == "c" * 32_760 + "[task to"


@pytest.mark.parametrize("character", ["c", "é", "\N{GRINNING FACE}"])
def test_a_fitted_failure_of_any_characters_fits_a_checkpoint(character: str) -> None:
    fitted = Failure("Error", character * 32_768).fitted()

    assert 15_000 < len(json.dumps(fitted.message)) <= 30_000


def test_a_failure_that_fits_stays_as_it_is() -> None:
    failure = Failure("Error", "c" * 1_000)

    assert failure.fitted() == failure


def test_its_exception_carries_the_bare_name() -> None:
    exception = Failure.of(InvalidInput("why")).exception()

    assert type(exception).__name__ == "InvalidInput"
    assert type(exception).__module__ == "builtins"
    assert str(exception) == "why"
