# SPDX-License-Identifier: MIT-0
"""The wildcards of IAM: `*` for any characters, `?` for one; after ORDINARY they are themselves."""

import functools
import re

# No text of a policy has this character.
ORDINARY = "\0"
_SPECIAL = re.compile(f"{ORDINARY}?[*?]")
_EXPRESSIONS = {"*": ".*", "?": "."}
_PATTERNS_KEPT = 4096


def matches_wildcard(pattern: str, value: str) -> bool:
    """Whether the value is what a pattern of a policy describes.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    return _compiled(pattern).fullmatch(value) is not None


@functools.lru_cache(_PATTERNS_KEPT)
def _compiled(pattern: str) -> re.Pattern[str]:
    expression, begin = [], 0
    for found in _SPECIAL.finditer(pattern):
        special = _EXPRESSIONS.get(found[0]) or re.escape(found[0].removeprefix(ORDINARY))
        expression += [re.escape(pattern[begin : found.start()]), special]
        begin = found.end()
    expression.append(re.escape(pattern[begin:]))
    return re.compile("".join(expression), re.DOTALL)
