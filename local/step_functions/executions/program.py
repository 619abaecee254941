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
    return pickle.loads(parsed(definition))


@functools.lru_cache(maxsize=DEFINITIONS_KEPT)
def parsed(definition: str) -> bytes:
    """The pickle of a definition's program.

    Raises:
        Exception: what the parser raises of a definition that is none
    """
    return pickle.dumps(AmazonStateLanguageParser.parse(definition)[0])
