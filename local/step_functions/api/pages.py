# SPDX-License-Identifier: MIT-0
"""Pages of lists."""

import base64
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, TypeVar

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import InvalidToken
from moto.stepfunctions.responses import StepFunctionResponse

DEFAULT_PAGE_ITEMS = 100
T = TypeVar("T")


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
    following = items_after(token, items, itemgetter(key))
    end = max_results or DEFAULT_PAGE_ITEMS
    page = list(following[:end])
    if end >= len(following):
        return page, {}
    return page, {"nextToken": base64.b64encode(page[-1][key].encode()).decode()}


def items_after(token: str | None, items: Sequence[T], key: Callable[[T], str]) -> Sequence[T]:
    """The items behind the last one of a page, which the token of the next one names.

    Args:
        key: what tells items apart

    Raises:
        InvalidToken: no page has that token
    """
    if token is None:
        return items
    try:
        last = base64.b64decode(token, validate=True).decode()
        return items[list(map(key, items)).index(last) + 1 :]
    except ValueError:
        raise InvalidToken("'Invalid token'") from None


class PagedResponse(StepFunctionResponse):
    """moto's operations, with a list in pages."""

    def page(self, name: str, items: list[dict[str, Any]], key: str) -> ActionResult:
        """The page of a list that the request asks for; `key` tells the items apart."""
        page, token = page_of(
            items, key, self._get_int_param("maxResults"), self._get_param("nextToken")
        )
        return ActionResult({name: page, **token})
