# SPDX-License-Identifier: MIT-0
"""A run on this machine reports the first error, also if the page cannot be written."""

from pathlib import Path
from typing import Any

import pytest

from local.commands import run
from local.errors import LocalError

PAGE = Path("page.html")
NOWHERE: Any = None


def refuse(*_: Any) -> None:
    raise LocalError("no page")


@pytest.mark.parametrize("first", [KeyboardInterrupt(), LocalError("it hangs")])
def test_a_page_that_cannot_be_written_hides_nothing(
    monkeypatch: pytest.MonkeyPatch, first: BaseException
) -> None:
    monkeypatch.setattr(run, "write_view", refuse)
    with pytest.raises(type(first)) as raised, run._page_written(NOWHERE, "arn", PAGE):
        raise first

    assert raised.value is first


def test_a_page_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "write_view", refuse)
    with pytest.raises(LocalError, match="no page"), run._page_written(NOWHERE, "arn", PAGE):
        pass
