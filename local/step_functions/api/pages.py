# SPDX-License-Identifier: MIT-0
"""Pages of lists."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import InvalidToken
from moto.stepfunctions.responses import StepFunctionResponse

DEFAULT_PAGE_ITEMS = 100


def page_of(
    items: Sequence[dict[str, Any]], key: str, max_results: int | None, token: str | None
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The items behind the last one that the token names, and the token of the next page.

    Args:
        key: the field that tells items apart
        max_results: the most items of a page; the service takes 0 for 100

    Raises:
        InvalidToken: no page has that token
    """
    start = 0
    if token is not None:
        names = [item[key] for item in items]
        try:
            start = names.index(base64.b64decode(token, validate=True).decode()) + 1
        except (binascii.Error, ValueError):
            raise InvalidToken("'Invalid token'") from None
    end = start + (max_results or DEFAULT_PAGE_ITEMS)
    page = list(items[start:end])
    if end >= len(items):
        return page, {}
    return page, {"nextToken": base64.b64encode(page[-1][key].encode()).decode()}


class PagedResponse(StepFunctionResponse):
    """moto's operations, with a list in pages."""

    def page(self, name: str, items: list[dict[str, Any]], key: str) -> ActionResult:
        """The page of a list that the request asks for; `key` tells the items apart."""
        page, token = page_of(
            items, key, self._get_int_param("maxResults"), self._get_param("nextToken")
        )
        return ActionResult({name: page, **token})
