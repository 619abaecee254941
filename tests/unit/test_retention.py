# SPDX-License-Identifier: MIT-0
"""Which executions are forgotten: the oldest, and none that has not ended."""

import pytest

from local import retention


@pytest.mark.parametrize(
    ("statuses", "forgotten"),
    [
        (["ended"] * 3, []),
        (["ended"] * 5, [0, 1]),
        (["running", "ended", "running", "ended", "ended"], [1, 3]),
        (["running"] * 5, []),
    ],
)
def test_the_oldest_that_have_ended_are_too_many(
    statuses: list[str], forgotten: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "KEPT_EXECUTIONS", 3)

    surplus = retention.surplus(range(len(statuses)), lambda each: statuses[each] == "ended")

    assert surplus == forgotten
