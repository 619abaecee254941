# SPDX-License-Identifier: MIT-0
"""The pattern by which phrases are found: each character of a text is looked at once."""

from inspect_execution.reading.phrase_replacer import PhraseReplacer

PHRASES = {"abcd-1": "[1]", "abcd-2": "[2]", "abxy-1": "[3]", "zzzz-1": "[4]"}


def test_common_first_characters_stand_in_the_pattern_once() -> None:
    assert PhraseReplacer.of(PHRASES, 4)._starts.pattern == "(?:ab(?:cd|xy)|zzzz)"


def test_the_longest_phrase_that_fits_is_replaced() -> None:
    replacer = PhraseReplacer.of({"abcd": "[short]", "abcdef": "[long]"}, 4)

    assert replacer.replace("abcde abcdef abc") == "[short]e [long] abc"
