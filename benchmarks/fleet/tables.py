# SPDX-License-Identifier: MIT-0
"""The figures of the simulation: quotas, what the retries bear, bursts, days, and the guard."""

from collections.abc import Iterator
from dataclasses import replace

from inspect_execution.model.prices import Prices
from local.cloudformation.assembly import read_assembly
from local.cloudformation.synthesis import synthesize
from local.environment import PROJECT
from local.errors import LocalError
from local.quotas.quotas import Rate

from ..report import Table
from .cost import dollars
from .guard import Guards
from .policy import DEFAULT_EVENT_AGE_SECONDS, Policy, Retry, read_policy
from .quotas import CONCURRENCIES, QUOTAS, AccountQuotas
from .result import Result
from .scenarios import BURSTS, Scenario, of_a_day, same_wait
from .simulation import Fleet
from .workload import Workload

SMALLEST = CONCURRENCIES[0]
# The first is the burst to be borne in a new account, the last is one that is too large for it.
COMPARED = (2000, 10_000, 20_000)
# Executions and concurrency.
BURST_SIZES = [(size, each) for size in (2000, 10_000) for each in CONCURRENCIES]
LARGEST_BURST = (100_000, 1000)
SIZES = (1000, 10_000, 100_000, 1_000_000)
ENDED_AT_ONCE = (100, 2000, 10_000)
RESULT_COLUMNS = (
    "drained after, s",
    "lost",
    "retries",
    "longest delay, s",
    "$",
    "quotas met, the first one first",
)


def before(policy: Policy) -> Policy:
    """The policy that the stack had: six retries without jitter, events of up to six hours."""
    old = Retry(retries=6)
    return replace(policy, invoke=(old, old), event_age=DEFAULT_EVENT_AGE_SECONDS)


def simulate(policy: Policy, concurrency: int, scenario: Scenario, executions: int) -> Result:
    """One fleet, to its end."""
    return Fleet(policy, AccountQuotas(concurrency), Workload(), scenario(executions)).run()


def cells(result: Result) -> tuple[str, ...]:
    """A result as the cells of RESULT_COLUMNS."""
    lost = ", ".join(f"{number:,} {error}" for error, number in sorted(result.lost.items()))
    return (
        f"{result.drained:,.0f}",
        lost or "0",
        f"{result.retries + result.callback_retries:,}",
        f"{result.longest_delay:,.0f}",
        f"{dollars(result, Prices()):.2f}",
        ", ".join(result.throttles) or "none",
    )


def quota_table() -> Table:
    rows = (
        (
            name,
            _rate(quota.rate),
            _rate(quota.elsewhere),
            "an error" if quota.is_refused else "a delay",
            quota.source,
        )
        for name, quota in QUOTAS.items()
    )
    return Table(
        (
            "quota: at once, and more a second",
            "us-east-1",
            "most other Regions",
            "beyond",
            "source",
        ),
        tuple(rows),
        (
            "The simulation takes those of us-east-1, and a concurrency of 10 (a new account), "
            "1,000 (the default) or 10,000. Where AWS documents a rate alone, the bucket holds "
            "what one second brings.",
        ),
    )


def _rate(rate: Rate) -> str:
    return f"{rate.bucket:,.0f}, {rate.per_second:,.0f}"


def policy_table(policy: Policy) -> Table:
    """The bursts of COMPARED with the retries before and now."""
    policies = {"before": before(policy), "now": policy}
    rows = (
        (f"{size:,}", name, *cells(simulate(each, SMALLEST, same_wait, size)))
        for size in COMPARED
        for name, each in policies.items()
    )
    return Table(
        ("started at once, concurrency 10", "retries", *RESULT_COLUMNS),
        tuple(rows),
        (
            f"Each waits 20 minutes. Before: {_described(policies['before'].invoke[0])}. Now: "
            f"{_described(policy.invoke[0])}. Retries: of states, each of them a transition that "
            "is charged for, and of callbacks. Delay: beyond the time of an execution that is "
            "alone and finds warm environments.",
        ),
    )


def _described(retry: Retry) -> str:
    cap = f", at most {retry.longest:.0f} s" if retry.longest else ""
    return (
        f"{retry.retries} retries, first after {retry.interval:.0f} s{cap}, "
        f"jitter {retry.jitter}, {retry.longest_window:,.0f} s at the longest"
    )


def burst_table(results: dict[tuple[str, int, int], Result]) -> Table:
    rows = (
        (name, f"{size:,}", f"{concurrency:,}", *cells(result))
        for (name, size, concurrency), result in results.items()
    )
    return Table(("burst", "executions", "concurrency", *RESULT_COLUMNS), tuple(rows))


def first_quota_table(policy: Policy) -> Table:
    """The first quota at its limit, or how near the nearest comes to it."""
    rows = []
    for size in SIZES:
        for name, scenario in (("a day", of_a_day), ("at once", same_wait)):
            firsts = (_first(policy, each, scenario, size) for each in CONCURRENCIES)
            rows.append((f"{size:,} {name}", *firsts))
    return Table(
        ("executions", *(f"concurrency {each:,}" for each in CONCURRENCIES)),
        tuple(rows),
        (
            "The first quota that throttles a call; for a day without one, the quota that came "
            "nearest, with the most that was used of it. The executions of a day start at random "
            "moments and wait for 0.5 to 30 minutes.",
        ),
    )


def _first(policy: Policy, concurrency: int, scenario: Scenario, size: int) -> str:
    fleet = Fleet(policy, AccountQuotas(concurrency), Workload(), scenario(size))
    result = fleet.run(until_throttled=True)
    if result.first:
        return result.first
    nearest = max(result.shares, key=lambda name: result.shares[name])
    return f"none; {nearest} {result.shares[nearest]:.1%}"


def guard_table(policy: Policy) -> Table:
    rows = []
    for size in ENDED_AT_ONCE:
        for concurrency in CONCURRENCIES:
            reports = Guards(policy, AccountQuotas(concurrency), Workload(), size).run()
            rows.append(
                (
                    f"{size:,}",
                    f"{concurrency:,}",
                    f"{reports.last:,.0f}",
                    f"{reports.dropped:,}",
                    f"{reports.repeated_invocations:,}",
                    reports.first or "none",
                )
            )
    return Table(
        (
            "durable executions stopped at once",
            "concurrency",
            "all reported after, s",
            "left to the heartbeat",
            "invoked again",
            "first quota",
        ),
        tuple(rows),
    )


def figures() -> Iterator[Table]:
    """The tables; the same ones at every run, on every machine.

    Raises:
        LocalError: a burst that the stack is to bear loses an execution
    """
    [stack] = read_assembly(synthesize(PROJECT / "cdk.out")).stacks
    policy = read_policy(stack.template)
    yield quota_table()
    yield policy_table(policy)
    results = {
        (name, size, concurrency): simulate(policy, concurrency, scenario, size)
        for name, scenario in BURSTS.items()
        for size, concurrency in (*BURST_SIZES, *([LARGEST_BURST] if scenario is same_wait else []))
    }
    yield burst_table(results)
    yield first_quota_table(policy)
    yield guard_table(policy)
    lost = sum(result.executions - result.succeeded for result in results.values())
    if lost:
        raise LocalError(f"{lost} executions of the bursts are lost, and none may be")
