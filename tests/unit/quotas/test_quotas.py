# SPDX-License-Identifier: MIT-0
"""Quotas: their file, and what is admitted within them, in modelled time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.fleet.quotas import QUOTAS
from local.clocks.keeper import Keeper
from local.clocks.modelled_clock import ModelledClock, now
from local.clocks.threads import Event
from local.commands.arguments import parse_arguments
from local.commands.serve import ServeOptions
from local.errors import UsageError
from local.functions.sandboxes.sandbox_pool import SandboxesClosed
from local.lambda_.admission import Admission, EventAgeExceeded
from local.quotas.concurrency import ConcurrencyLimit
from local.quotas.limits import Limits, Throttled, queue_pause
from local.quotas.quotas import Quotas, Rate, read_quotas
from local.quotas.rate_limit import RateLimit

from ...support.project import readme


def test_the_file_of_the_docs_has_the_quotas_that_are_documented(tmp_path: Path) -> None:
    [block] = readme.blocks(readme.section("Quotas"), language="json")
    file = tmp_path / "quotas.json"
    file.write_text(block)
    options = parse_arguments(["serve", "--quotas", str(file)])
    calls = {
        f"{service}:{name}": QUOTAS[name].rate
        for service, name in (
            ("states", "StartExecution"),
            ("states", "SendTaskSuccess"),
            ("lambda", "GetDurableExecution"),
        )
    }

    assert isinstance(options, ServeOptions)
    assert options.quotas == Quotas(10, QUOTAS["starts of durable executions"].rate, calls)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("{", " must be JSON: Expecting property name"),
        ("[1]", ": the file must be a JSON object, got [1]"),
        ('{"speed": 1}', ": 'speed' is not one of concurrency, durable_starts, calls"),
        ('{"concurrency": 0}', ": concurrency must be a whole number more than 0, got 0"),
        ('{"concurrency": true}', ": concurrency must be a whole number more than 0, got true"),
        (
            '{"durable_starts": {"bucket": 1}}',
            ': durable_starts must have bucket and per_second, got {"bucket": 1}',
        ),
        (
            '{"durable_starts": {"bucket": 0.5, "per_second": 1}}',
            ": durable_starts: bucket must be at least 1, got 0.5",
        ),
        (
            '{"calls": {"states:StartExecution": {"bucket": 1, "per_second": "1"}}}',
            ': calls: states:StartExecution: per_second must be a number more than 0, got "1"',
        ),
        (
            '{"calls": {"s3:GetObject": {"bucket": 1, "per_second": 1}}}',
            ": calls: 's3:GetObject' must begin with lambda: or states:",
        ),
        (
            '{"calls": {"states:Start": {"bucket": 1, "per_second": 1}}}',
            ": calls: 'states:Start' is no call of states",
        ),
    ],
)
def test_a_file_of_quotas_that_is_none_is_refused_in_one_line(
    tmp_path: Path, given: str, why: str
) -> None:
    file = tmp_path / "quotas.json"
    file.write_text(given)
    with pytest.raises(UsageError) as refused:
        parse_arguments(["run", "--quotas", str(file)])

    assert str(refused.value).startswith(f"--quotas {file}{why}")
    assert "\n" not in str(refused.value)


def test_a_file_of_quotas_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^--quotas \S+nowhere cannot be read: No such file"):
        read_quotas(tmp_path / "nowhere")


def test_a_bucket_admits_calls_in_any_order_of_their_moments() -> None:
    limit = RateLimit(Rate(2, 0.5))

    # Two at once; then one in two seconds, wherever in time they ask.
    assert [limit.admits(moment, 0) for moment in (100, 100, 100, 101.9, 102, 102, 103)] == [
        *(True, True, False, False, True, False, False)
    ]
    # Earlier ones are admitted where those already admitted still fit.
    assert [limit.admits(moment, 0) for moment in (99, 98, 97, 90)] == [False, True, False, True]


def test_what_is_too_old_to_matter_is_forgotten() -> None:
    limit = RateLimit(Rate(1, 1))
    for moment in range(0, 3000, 3):
        assert limit.admits(moment, moment)

    assert len(limit._admitted) == 1


def test_an_invocation_takes_room_from_its_beginning_to_its_end() -> None:
    limit = ConcurrencyLimit(1)
    first = limit.begin(None, 10, wall=10)
    assert first is not None

    assert limit.begin(None, 11, wall=11) is None
    first.ended = 12
    # Of another family, whose time is ahead, at a moment that the first did not reach.
    assert limit.begin(None, 13, wall=11) is not None
    assert limit.begin(None, 11, wall=11) is None


@pytest.fixture
def clock() -> Iterator[ModelledClock]:
    keeper = Keeper()
    made = ModelledClock(keeper, skips=True)
    with made.current(), made.held():
        yield made
    keeper.close()


class _Full(Limits):
    """Room for nothing."""

    def begin(self) -> Any:
        raise Throttled("ConcurrentInvocationLimitExceeded")


@pytest.mark.usefixtures("clock")
def test_an_event_waits_for_room_until_it_is_too_old() -> None:
    begun = now()
    admission = Admission(_Full(Quotas(concurrency=1)), Event())
    with pytest.raises(EventAgeExceeded), admission.queued(3600):
        pytest.fail("there was room")
    waited = (now() - begun).total_seconds()

    assert 3600 < waited <= 3600 + 300


@pytest.mark.usefixtures("clock")
def test_an_endpoint_that_ends_lets_no_event_wait() -> None:
    closing = Event()
    closing.set()
    admission = Admission(_Full(Quotas(concurrency=1)), closing)
    with pytest.raises(SandboxesClosed), admission.queued():
        pytest.fail("there was room")


@pytest.mark.usefixtures("clock")
def test_room_that_is_reserved_is_the_first_invocations() -> None:
    limits = Limits(Quotas(concurrency=1))
    admission = Admission(limits, Event())
    admission.reserve("name")
    with pytest.raises(Throttled), admission.at_once():
        pytest.fail("there was room")
    with admission.of_durable_execution("arn:f:1/durable-execution/name/id"):
        assert limits.throttled == {"ConcurrentInvocationLimitExceeded": 1}
    with admission.at_once():
        pass


@pytest.mark.usefixtures("clock")
def test_room_that_is_given_up_is_there_again() -> None:
    limits = Limits(Quotas(concurrency=1))
    admission = Admission(limits, Event())
    admission.reserve("name")
    admission.cancel("name")
    with admission.at_once():
        assert limits.throttled == {}


def test_pauses_in_the_queue_go_from_a_second_to_five_minutes() -> None:
    pauses = [[queue_pause(attempt) for _ in range(200)] for attempt in (0, 3, 20)]

    assert [min(each) for each in pauses] == pytest.approx([0.5, 4, 150], rel=0.1)
    assert [max(each) for each in pauses] == pytest.approx([1, 8, 300], rel=0.1)


def test_quotas_are_counted_from_when_they_are_put_into_force() -> None:
    limits = Limits(Quotas(calls={"states:StartExecution": Rate(1, 0.001)}))
    limits.require_call("states:StartExecution")
    with pytest.raises(Throttled) as throttled:
        limits.require_call("states:StartExecution")
    limits.require_call("states:StopExecution")
    limits.use(Quotas())
    limits.require_call("states:StartExecution")

    assert throttled.value.reason == "CallerRateLimitExceeded"
    assert limits.throttled == {}
