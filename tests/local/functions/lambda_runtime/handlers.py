# SPDX-License-Identifier: MIT-0
"""Handlers, as text, that answer, fail and log in every way."""

import re

RESULTS = """
import collections, datetime, decimal, enum
Point = collections.namedtuple("Point", "x y")
class Colour(enum.IntEnum):
    RED = 1
circle = []
circle.append(circle)
RESULTS = {
    "none": None, "text": "grün \\u2028 😀 \\" \\\\ \\x01", "number": 1e22,
    "nested": {"a": [1, (2.5, True)]},
    "empty": [{}, [], ""], "decimal": {"d": decimal.Decimal("1.10"), "E": decimal.Decimal("1E+3")},
    "decimal nan": decimal.Decimal("NaN"), "nan": [float("nan"), float("inf"), float("-inf")],
    "bytes": b"raw \\xff", "bytes within": {"b": b"text"}, "bad bytes": [b"\\xff"],
    "datetime": datetime.datetime(2026, 1, 2), "set": {1}, "circular": circle,
    "named tuple": Point(1, 2), "enum": Colour.RED, "object": object(),
    "keys": {1: 1, 1.5: 2, None: 3, True: 4}, "bytes as key": {b"k": 1}, "bad key": {(1, 2): 3},
    "decimal as key": {decimal.Decimal(1): 1}, "class": int, "generator": (x for x in [1]),
}
def handler(event, context):
    return RESULTS[event]
"""
RESULT_NAMES = re.findall(r'(?m)(?:^    |, )"([a-z ]+)": ', RESULTS)

ERRORS = """
import json, logging
import helper
class Own(Exception):
    pass
def deep():
    helper.fail()
def chained():
    try:
        deep()
    except Exception as error:
        raise Own("äöü 😀\\n  second line") from error
def nothing():
    raise ValueError
def library():
    json.loads("{")
def no_text():
    class Odd(Exception):
        def __str__(self):
            return ""
    raise Odd("x")
def handler(event, context):
    globals()[event]()
"""
HELPER = """
def fail():
    raise KeyError("k")
"""

LOGS = """
import logging, sys
log = logging.getLogger("app.part")
def handler(event, context):
    print("printed", event)
    print("to stderr", file=sys.stderr)
    print()
    log.debug("below every level")
    log.info("information %s", event)
    logging.warning("two\\nlines")
    log.error("extra", extra={"order": 7, "odd": {1}, "message_id": None})
    log.log(35, "between levels")
    logging.warning({"a": {"b": [1]}})
    logging.warning({"a": 1}, "not an argument") if event == "dictionary" else None
    context.log("straight")
    context.log({"to": "text"})
    try:
        raise LookupError("found nothing")
    except LookupError:
        log.exception("caught %d", 1)
    try:
        1 / 0
    except ZeroDivisionError as error:
        logging.critical("with info", exc_info=error, stack_info=False)
    logging.getLogger("quiet").setLevel(logging.ERROR)
    logging.getLogger("quiet").warning("not logged")
    return "done"
"""

CONTEXT = """
def handler(event, context):
    left = context.get_remaining_time_in_millis()
    identity, client = context.identity, context.client_context
    return [
        context.aws_request_id, context.function_name, context.function_version,
        context.invoked_function_arn, context.memory_limit_in_mb, context.log_group_name,
        context.log_stream_name, context.tenant_id, client, context.w3c(),
        identity.cognito_identity_id, identity.cognito_identity_pool_id,
        50_000 < left <= 60_000, sorted(n for n in dir(context) if not n.startswith("_")),
    ]
"""
