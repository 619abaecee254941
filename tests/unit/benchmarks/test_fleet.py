# SPDX-License-Identifier: MIT-0
"""The simulation of a fleet: its policy is the stack's, and its figures are exact."""

import random
import re
from dataclasses import replace

import pytest

from benchmarks.fleet.guard import Guards
from benchmarks.fleet.policy import Policy, Retry, read_policy
from benchmarks.fleet.quotas import (
    CHECKPOINT,
    CONCURRENCY,
    DURABLE_START,
    HEARTBEAT,
    QUOTAS,
    SCALING,
    START_EXECUTION,
    SUCCESS,
    TRANSITION,
    AccountQuotas,
)
from benchmarks.fleet.result import Result
from benchmarks.fleet.scenarios import same_end, same_wait
from benchmarks.fleet.simulation import Fleet
from benchmarks.fleet.tables import SMALLEST, before, cells, simulate
from benchmarks.fleet.timeline import Bucket
from benchmarks.fleet.workload import Arrival, Part, Workload
from local.quotas.quotas import Rate

from ...support.assemblies.resources import TemplateDict
from ...support.project import readme
from ...support.stacks.histories import FULFILLED, INVOICED, Story, charged_operations, operations

OLD = Retry(retries=6)
THROTTLED = "Lambda.TooManyRequestsException"
# Work that takes no time: what a simulation then shows are the quotas and the pauses alone.
NO_TIME = Workload(invocation_seconds=0, cold_start_seconds=0, call_seconds=0, sync_wait=0)


@pytest.fixture(scope="module")
def policy(template: TemplateDict) -> Policy:
    return read_policy(template)


def account(concurrency: int = 1000, **rates: Rate) -> AccountQuotas:
    """An account with these rates in the place of the documented ones, by the constants' names."""
    names = {"start": DURABLE_START, "heartbeat": HEARTBEAT, "success": SUCCESS, "scaling": SCALING}
    documented = {name: quota.rate for name, quota in QUOTAS.items()}
    return AccountQuotas(concurrency, {**documented, **{names[k]: v for k, v in rates.items()}})


def test_the_policy_is_that_of_the_template_and_of_the_handlers(policy: Policy) -> None:
    invoke = Retry(45, interval=5, backoff_rate=2, longest=60, jitter="FULL")

    assert policy == Policy(
        invoke=(invoke, invoke),
        heartbeat=3600,
        event_age=3600,
        execution_timeouts=(3600, 900),
        machine_timeout=7200,
        callback=Retry(25, interval=1, backoff_rate=2, longest=60, jitter="HALF"),
        guard_attempts=8,
    )


def test_both_windows_fit_the_timeout_of_the_state_machine_with_the_longest_work(
    policy: Policy,
) -> None:
    average = [retry.longest_window / 2 for retry in policy.invoke]

    assert average == [1267.5, 1267.5]
    assert sum(average) + policy.heartbeat + policy.execution_timeouts[1] < policy.machine_timeout


def test_the_work_is_that_of_the_handlers() -> None:
    def parts(story: Story) -> Part:
        return Part(len(operations(story)), charged_operations(story))

    def whole(parts: tuple[Part, ...]) -> Part:
        return Part(sum(p.checkpoints for p in parts), sum(p.operations for p in parts))

    assert [whole(each) for each in Workload().parts] == [parts(FULFILLED), parts(INVOICED)]


def test_pauses_double_up_to_the_cap_and_end() -> None:
    retry = Retry(5, interval=5, longest=30)

    assert [retry.pause(n, random.Random(1)) for n in range(1, 7)] == [5, 10, 20, 30, 30, None]
    assert OLD.longest_window == 63


@pytest.mark.parametrize(("jitter", "least"), [("FULL", 0), ("HALF", 20)])
def test_jitter_takes_a_random_part_of_a_pause(jitter: str, least: float) -> None:
    chance = random.Random(1)
    retry = Retry(1, interval=40, jitter=jitter)  # type: ignore[arg-type]
    pauses = [retry.pause(1, chance) or 0 for _ in range(1000)]

    assert min(pauses) == pytest.approx(least, abs=1)
    assert max(pauses) == pytest.approx(40, abs=1)


def test_a_bucket_gives_what_it_holds_and_then_what_it_gains() -> None:
    empty: list[str] = []
    bucket = Bucket("b", Rate(2, 0.5), empty.append)

    assert [bucket.take(moment) for moment in (0, 0, 0, 1, 2, 100, 100, 100)] == [
        *(True, True, False, False, True, True, True, False)
    ]
    # A call that waits is promised the next token that no other call waits for.
    assert [bucket.wait(100), bucket.wait(100), bucket.wait(102)] == [2, 4, 4]
    assert empty == ["b"] * 6


def test_one_execution_takes_its_time_and_what_it_is_charged_for(policy: Policy) -> None:
    result = simulate(policy, SMALLEST, same_wait, 1)

    # Two cold starts of 0.6 s, four invocations of 0.12 s, nine calls of 20 ms that it waits for.
    assert result.drained == pytest.approx(1200 + 10 + 2 * 0.6 + 4 * 0.12 + 9 * 0.02)
    assert result.longest_delay == pytest.approx(1.2)
    assert (result.transitions, result.operations, result.invocations) == (2, 10, 4)
    assert (result.succeeded, result.first, result.retries) == (1, None, 0)


def test_executions_that_come_back_together_lose_what_the_bucket_does_not_hold(
    policy: Policy,
) -> None:
    """One token in four seconds: at 0, 7, 15, 31 and 63 seconds there is one, for one of eight."""
    arrivals = [Arrival(0, 300)] * 8
    quotas = account(start=Rate(1, 0.25))
    old = Fleet(before(policy), quotas, NO_TIME, arrivals).run()
    new = Fleet(policy, quotas, NO_TIME, arrivals).run()

    assert (old.succeeded, dict(old.lost)) == (5, {THROTTLED: 3})
    # Of those that go on, each finds its token in the second state at once.
    assert old.retries == 1 * 3 + 1 * 4 + 1 * 5 + 1 * 6 + 3 * 6
    assert (new.succeeded, dict(new.lost)) == (8, {})


@pytest.mark.parametrize(
    ("quotas", "met"),
    [
        (account(concurrency=1), CONCURRENCY),
        (account(start=Rate(1, 1)), DURABLE_START),
        (account(heartbeat=Rate(1, 1)), HEARTBEAT),
        (account(success=Rate(1, 1)), SUCCESS),
        (account(scaling=Rate(1, 1)), SCALING),
    ],
)
def test_each_quota_delays_and_loses_nothing(
    policy: Policy, quotas: AccountQuotas, met: str
) -> None:
    result = Fleet(policy, quotas, Workload(), same_wait(20)).run()

    assert (result.succeeded, dict(result.lost), result.first) == (20, {}, met)
    assert result.throttles[met] > 0
    assert result.longest_delay > 1.2


def test_an_event_older_than_the_heartbeat_starts_nothing(policy: Policy) -> None:
    """One environment, and an hour of work for each: the second order begins too late."""
    slow = replace(NO_TIME, invocation_seconds=4000)
    policy = replace(policy, execution_timeouts=(20_000, 20_000), machine_timeout=40_000)
    kept = Fleet(replace(policy, event_age=21_600), account(1), slow, same_wait(2)).run()
    discarded = Fleet(policy, account(1), slow, same_wait(2)).run()

    # The heartbeat has failed both tasks: the order of the second began for a closed one.
    assert (kept.lost["States.Timeout"], discarded.lost["States.Timeout"]) == (2, 2)
    assert (kept.invocations, discarded.invocations) == (2, 1)


def test_the_burst_that_the_old_retries_lose_is_borne_and_quoted(policy: Policy) -> None:
    rows = [
        ("2,000", name, *cells(simulate(each, SMALLEST, same_wait, 2000)))
        for name, each in (("before", before(policy)), ("now", policy))
    ]
    text = re.sub(" +", " ", readme.section("A fleet of executions"))

    assert [row[3] for row in rows] == [f"91 {THROTTLED}", "0"]
    assert [row for row in rows if f"\n| {' | '.join(row)} |\n" not in text] == []


def test_the_same_fleet_ends_in_the_same_way_each_time(policy: Policy) -> None:
    def run() -> Result:
        return Fleet(policy, account(10), Workload(), same_end(200), seed=3).run()

    assert run() == run()


def test_the_first_quota_met_ends_a_run_that_asks_for_it(policy: Policy) -> None:
    fleet = Fleet(policy, account(), Workload(), same_wait(1301))
    result = fleet.run(until_throttled=True)

    assert (result.first, result.succeeded) == (START_EXECUTION, 0)
    assert result.shares[TRANSITION] < 1
    assert result.shares[CHECKPOINT] == 0


def test_the_guard_reports_as_fast_as_it_may_read_and_leaves_the_rest_to_the_heartbeat(
    policy: Policy,
) -> None:
    few = Guards(policy, account(), NO_TIME, 30).run()
    many = Guards(policy, account(), NO_TIME, 300).run()
    hasty = Guards(replace(policy, guard_attempts=1), account(), NO_TIME, 300).run()

    assert (few.reported, few.last, few.first) == (30, 0, None)
    # GetDurableExecution takes 30 at once and 30 a second: 270 are left after the first moment.
    assert (many.reported, many.dropped, many.first) == (300, 0, "GetDurableExecution")
    assert many.last >= 9
    # With no second attempt, 30 get through at once, after a minute, and after two more.
    assert (hasty.reported, hasty.dropped, hasty.repeated_invocations) == (90, 210, 270 + 240)
