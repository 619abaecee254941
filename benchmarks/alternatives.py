# SPDX-License-Identifier: MIT-0
"""The cost of other designs for the same job, by formula."""

from dataclasses import dataclass
from decimal import Decimal

from inspect_execution.model.cost_estimate import CostEstimate
from inspect_execution.model.prices import Prices

from .instruments.executions import MINUTES_TO_WAIT
from .report import Table, ratio

WAIT_SECONDS = MINUTES_TO_WAIT * 60
COOLING_OFF_SECONDS = 10
# The longest timeout that a function may be given:
# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
MAX_INVOCATION_SECONDS = 1800
POLL_PERIODS_SECONDS = (60, 10, 1)
THOUSAND = 1000


@dataclass(frozen=True)
class Terms:
    """What the formulas are made of, in US dollars."""

    transition: Decimal
    request: Decimal
    # Of one invocation, and of one second of an invocation that does nothing but wait.
    compute: Decimal
    second: Decimal

    @classmethod
    def of(cls, estimate: CostEstimate, gigabytes: Decimal, architecture: str) -> "Terms":
        """The prices of the estimate, and its compute shared out evenly among its invocations."""
        quantities = {line.name: line for line in estimate.items}
        return cls(
            transition=estimate.prices.transition,
            request=estimate.prices.request,
            compute=quantities["compute"].dollars / quantities["invocations"].quantity,
            second=gigabytes * (estimate.prices.gigabyte_second(architecture) or 0),
        )


@dataclass(frozen=True)
class Way:
    """One way to do the job, and what doing it once costs."""

    name: str
    formula: str
    dollars: Decimal


def wait_states(terms: Terms) -> Way:
    """Create the order, Wait, notify, create the invoice, Wait, send it: six states."""
    return Way(
        "Step Functions: 2 Wait states, 4 plain functions",
        "6 T + 4 (R + C)",
        6 * terms.transition + 4 * (terms.request + terms.compute),
    )


def polling(terms: Terms, period_seconds: int) -> Way:
    """A schedule invokes a function that looks whether the next thing is due, and does it."""
    polls = _divided(WAIT_SECONDS, period_seconds) + _divided(COOLING_OFF_SECONDS, period_seconds)
    return Way(
        f"a plain function that polls, p = {period_seconds} s",
        f"(1 + ⌈{WAIT_SECONDS} / p⌉ + ⌈{COOLING_OFF_SECONDS} / p⌉) (R + C)",
        (1 + polls) * (terms.request + terms.compute),
    )


def sleeping(terms: Terms) -> Way:
    """A function sleeps in one invocation, or invokes itself again if that is too short."""
    seconds = WAIT_SECONDS + COOLING_OFF_SECONDS
    requests = _divided(seconds, MAX_INVOCATION_SECONDS)
    return Way(
        "a plain function that sleeps, with a timeout of 30 minutes",
        f"⌈{seconds} / {MAX_INVOCATION_SECONDS}⌉ R + {seconds} S",
        requests * terms.request + seconds * terms.second,
    )


def this_pattern(estimate: CostEstimate) -> Way:
    quantities = {line.name: line.quantity for line in estimate.items}
    return Way(
        "this pattern",
        f"{quantities['state transitions']} T + {quantities['durable operations']} O + "
        f"{quantities['invocations']} (R + C) + data",
        estimate.total,
    )


def longest_period(terms: Terms, dollars: Decimal) -> int:
    """The longest period, in seconds, at which polling costs so much or more; 0 if none does."""
    periods = range(WAIT_SECONDS, 0, -1)
    return next((each for each in periods if polling(terms, each).dollars >= dollars), 0)


def _divided(seconds: int, by: int) -> int:
    return -(-seconds // by)


def table(estimate: CostEstimate, gigabytes: Decimal, architecture: str) -> Table:
    """Every way, with its cost as a ratio to this pattern's."""
    terms, pattern = Terms.of(estimate, gigabytes, architecture), this_pattern(estimate)
    polls = [polling(terms, period) for period in POLL_PERIODS_SECONDS]
    ways = [pattern, wait_states(terms), *polls, sleeping(terms)]
    return Table(
        ("the same job, on paper", "formula", "$ of 1,000", "ratio"),
        tuple(
            (
                way.name,
                way.formula,
                f"{way.dollars * THOUSAND:.4f}",
                ratio(float(way.dollars), float(pattern.dollars)),
            )
            for way in ways
        ),
        (_legend(estimate.prices, terms), _comparison(terms, pattern)),
    )


def _legend(prices: Prices, terms: Terms) -> str:
    return (
        f"T: a state transition, ${prices.transition:f}. O: a durable operation, "
        f"${prices.durable_operation:f}. R: a request to Lambda, ${prices.request:f}. C: the "
        f"compute of one invocation, ${terms.compute:.8f}: the mean of this pattern's, above. "
        f"S: a second of an invocation, ${terms.second:f}. p: the time between polls."
    )


def _comparison(terms: Terms, pattern: Way) -> str:
    return (
        "Polling costs as much as this pattern when it polls every "
        f"{longest_period(terms, pattern.dollars)} s, and then it notices a change p / 2 late on "
        "average. Not counted for functions that poll or sleep: the schedule, the table that keeps "
        "their state, and the work to make a second run of each step harmless."
    )
