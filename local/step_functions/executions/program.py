# SPDX-License-Identifier: MIT-0
"""The program that an execution evaluates, made from its definition."""

import functools
import pickle
from typing import Any

from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

DEFINITIONS_KEPT = 128


def new_program(definition: str) -> Any:
    """A program of its own for each execution: a program in use keeps state, of retries above all.

    Parsing takes fifty times as long as taking it from its pickle.
    """
    return pickle.loads(_parsed(definition))


@functools.lru_cache(maxsize=DEFINITIONS_KEPT)
def _parsed(definition: str) -> bytes:
    return pickle.dumps(AmazonStateLanguageParser.parse(definition)[0])
