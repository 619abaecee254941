# SPDX-License-Identifier: MIT-0
"""The events that keep a page of the console up to date, and where each stream ends."""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from werkzeug.test import Client

from local.console.application import Console
from local.console.pages import execution as execution_page
from local.console.pages import stream
from local.console.site import MAX_STREAMS, Site
from local.step_functions.callback_task import CallbackTask

from ...support.stacks.scenario import wait_until
from ...support.step_functions.machines import WAITING, Machines, one
from ...support.step_functions.machines import machines as small_machines

PASS = {"Type": "Pass", "Next": "Then"}
THEN = {"Then": {"Type": "Succeed"}}
Event = tuple[str, Any]


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with small_machines(tmp_path_factory.mktemp("machines")) as ready:
        yield ready


@pytest.fixture
def site(machines: Machines) -> Site:
    return Site(machines.endpoint, lambda: "{}")


@pytest.fixture
def waiting(machines: Machines) -> Iterator[str]:
    arn = machines.start(one(WAITING))
    wait_until(lambda: len(machines.events(arn)) == 5, "the task to be submitted")
    yield arn
    machines.client.stop_execution(executionArn=arn)


class SteppedTime:
    """The module `time` for one thread, in which only a sleep takes time."""

    def __init__(self) -> None:
        self._now = 100.0

    def monotonic(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds


def events(site: Site, arn: str) -> Iterator[Event]:
    """Each event of a stream: its name and its data; of a comment, the comment."""
    headers = {"Accept": "text/event-stream"}
    answer = Client(Console(site)).get(
        "/console/stream", query_string={"arn": arn}, headers=headers
    )
    assert answer.mimetype == "text/event-stream"
    for part in answer.iter_encoded():
        lines = part.decode().strip().split("\n")
        if len(lines) == 1:
            yield lines[0], None
        else:
            yield lines[0].removeprefix("event: "), json.loads(lines[1].removeprefix("data: "))


def names(site: Site, arn: str) -> list[str]:
    return [name for name, _ in events(site, arn)]


def test_an_execution_is_followed_to_its_end(machines: Machines, site: Site, waiting: str) -> None:
    following = events(site, waiting)
    _, before = next(following)
    [token] = [token for token, task in CallbackTask.by_token.items() if not task.is_closed]
    machines.client.send_task_success(taskToken=token, output='{"Payload": 1}')
    *_, (_, after), last = following

    assert before["states"] == {"S": ["running", "▶ running", "running"]}
    assert [wait["what"] for wait in before["waits"]] == ["a callback with the task token"]
    assert [label for label, _ in before["offers"]][1:] == ["Answer S", "Fail S", "Stop"]
    assert after["execution"]["head"]["status"] == "succeeded"
    assert (after["states"]["S"][0], after["waits"]) == ("succeeded", [])
    assert last == ("end", {})
    assert token not in json.dumps([before, after])


def test_a_stream_ends_at_its_deadline_and_shows_before_that_it_is_alive(
    site: Site, waiting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "time", SteppedTime())
    monkeypatch.setattr(stream, "STREAM_SECONDS", 4)
    monkeypatch.setattr(stream, "POLL_SECONDS", 0.25)
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 1)
    monkeypatch.setattr(stream, "REFRESH_SECONDS", 4)

    assert names(site, waiting) == ["view", ": alive", ": alive", ": alive"]


def test_what_only_time_changes_is_sent_again(
    site: Site, waiting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "REFRESH_SECONDS", 0.05)
    following = events(site, waiting)
    (_, first), (_, second) = next(following), next(following)

    assert first["waits"][0]["since"] < second["waits"][0]["since"]


def test_streams_have_a_number_and_give_their_place_back(site: Site, waiting: str) -> None:
    for _ in range(MAX_STREAMS):
        site.streams.acquire()
    assert names(site, waiting) == ["full"]
    site.streams.release()
    with closing(stream.bounded_stream(site, waiting)) as following:
        next(following)
        assert names(site, waiting) == ["full"]

    assert site.streams.acquire(blocking=False)


def test_of_a_long_history_the_page_comes_first(
    machines: Machines, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution_page, "LONG_EVENTS", 5)
    arn = machines.run(one(PASS, **THEN))["executionArn"]
    text = Client(Console(site)).get(f"/console/execution?arn={arn}").get_data(as_text=True)
    (_, sent), end = events(site, arn)

    assert "Reading the history of 6 events" in text
    assert '"rows":[]' in text
    assert 'aria-label="Then: Succeed state, not reached"' in text
    assert [row["label"] for row in sent["execution"]["rows"]] == ["S", "Then"]
    assert end == ("end", {})


def test_of_what_does_not_exist_the_stream_says_so(site: Site, waiting: str) -> None:
    [(name, data)] = events(site, f"{waiting}-")

    assert name == "gone"
    assert "Execution Does Not Exist" in data["reason"]
