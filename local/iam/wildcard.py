# SPDX-License-Identifier: MIT-0
"""The wildcards of IAM: `*` for any characters, `?` for one; after ORDINARY they are themselves."""

import re

# No text of a policy has this character.
ORDINARY = "\0"
_SPECIAL = re.compile(f"{ORDINARY}?[*?]")
_EXPRESSIONS = {"*": ".*", "?": "."}


def matches(pattern: str, value: str) -> bool:
    """Whether the value is what a pattern of a policy describes.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    expression, begin = [], 0
    for found in _SPECIAL.finditer(pattern):
        special = _EXPRESSIONS.get(found[0]) or re.escape(found[0].removeprefix(ORDINARY))
        expression += [re.escape(pattern[begin : found.start()]), special]
        begin = found.end()
    expression.append(re.escape(pattern[begin:]))
    return re.fullmatch("".join(expression), value, re.DOTALL) is not None
