# SPDX-License-Identifier: MIT-0
"""The functions that Step Functions adds to JSONata: partition, range, hash, random, uuid, parse.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
Where the page says nothing, what was measured on AWS decides: a fraction is cut off towards zero,
and an argument that makes no sense gives no value, which fails the field.
"""

import hashlib
import json
import random
import uuid
from typing import Any, NoReturn

from jsonata.utils import Utils

from .errors import EvaluationError
from .values import UNDEFINED, to_engine

# Names are case-sensitive.
_ALGORITHMS = {
    "MD5": hashlib.md5,
    "SHA-1": hashlib.sha1,
    "SHA-256": hashlib.sha256,
    "SHA-384": hashlib.sha384,
    "SHA-512": hashlib.sha512,
}
# Measured on AWS: one element more is refused.
MAX_RANGE_ELEMENTS = 360_145
MEMORY_EXCEEDED = "Expression evaluation memory limit exceeded: Check for excessive memory usage"
# java.util.Random, which gives AWS's numbers for a seed bit for bit.
_MULTIPLIER, _INCREMENT, _MASK = 0x5DEECE66D, 0xB, (1 << 48) - 1


def partition(array: list[Any] | None, size: float | None) -> Any:
    """The array in chunks of a size; the last one holds the rest."""
    count = int(size or 0)
    if not array or count <= 0:
        return UNDEFINED
    return [list(array[start : start + count]) for start in range(0, len(array), count)]


def range_(first: float | None, last: float | None, step: float | None) -> Any:
    """The numbers from first to last, last included if a step lands on it."""
    if first is None or last is None or not int(step or 0):
        return UNDEFINED
    start, end, by = int(first), int(last), int(step or 0)
    numbers = range(start, end + (1 if by > 0 else -1), by)
    if len(numbers) > MAX_RANGE_ELEMENTS:
        raise EvaluationError(None, MEMORY_EXCEEDED)
    return Utils.create_sequence_from_iter(numbers) if numbers else UNDEFINED


def hash_(text: str | None, algorithm: str | None) -> str | None:
    """The digest of the text's UTF-8, in hexadecimal.

    Raises:
        EvaluationError: another algorithm than the five
    """
    if text is None or algorithm is None:
        return UNDEFINED
    if algorithm not in _ALGORITHMS:
        known = ", ".join(_ALGORITHMS)
        raise EvaluationError(None, f"Unsupported hash algorithm: {algorithm}; known are {known}")
    return _ALGORITHMS[algorithm](text.encode("utf-8", "replace")).hexdigest()


def random_(seed: float | None) -> float:
    """A number from 0 up to 1; the same number for the same seed."""
    if seed is None:
        return random.random()
    state = (int(seed) ^ _MULTIPLIER) & _MASK
    state = (state * _MULTIPLIER + _INCREMENT) & _MASK
    high = state >> 22
    state = (state * _MULTIPLIER + _INCREMENT) & _MASK
    return float((high << 27) + (state >> 21)) / (1 << 53)


def uuid_() -> str:
    """A UUID of version 4."""
    return str(uuid.uuid4())


def parse_json(text: str | None) -> Any:
    """The value of a JSON text.

    Raises:
        EvaluationError: the text is not JSON
    """
    if text is None:
        return UNDEFINED
    try:
        return to_engine(json.loads(text, parse_constant=_refuse_constant))
    except ValueError as error:
        raise EvaluationError(None, f"$parse was given a text that is not JSON: {error}") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


SIGNATURES = {
    "partition": ("<an?:a>", partition),
    "range": ("<n?n?n?:a>", range_),
    "hash": ("<s?s?:s>", hash_),
    "random": ("<n?:n>", random_),
    "uuid": ("<:s>", uuid_),
    "parse": ("<s?:x>", parse_json),
}
