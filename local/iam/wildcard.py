# SPDX-License-Identifier: MIT-0
"""The wildcards of IAM: `*` for any characters, `?` for one."""

import re


def matches(pattern: str, value: str) -> bool:
    """Whether the value is what a pattern of a policy describes.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, value, re.DOTALL) is not None
