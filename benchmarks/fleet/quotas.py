# SPDX-License-Identifier: MIT-0
"""The default quotas of an account that a fleet of executions meets, each with its source."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from local.quotas.quotas import Quotas, Rate

_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
_SCALING = "https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html"
_STEP_FUNCTIONS = "https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"
_EVENT_BRIDGE = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"


@dataclass(frozen=True)
class Quota:
    """One documented quota. Of a rate without a bucket, the bucket holds what a second brings.

    Args:
        rate: in US East (N. Virginia), US West (Oregon) and Europe (Ireland)
        elsewhere: in most other Regions
        is_refused: whether a call over the quota gets an error; else it is only delayed
    """

    rate: Rate
    elsewhere: Rate
    is_refused: bool
    source: str


def _of(per_second: float, elsewhere: float, is_refused: bool, source: str) -> Quota:
    return Quota(Rate(per_second, per_second), Rate(elsewhere, elsewhere), is_refused, source)


_SEND_TASK = Quota(Rate(3000, 500), Rate(1500, 300), True, _STEP_FUNCTIONS)
START_EXECUTION = "StartExecution"
TRANSITION = "state transitions"
DURABLE_START = "starts of durable executions"
CHECKPOINT = "CheckpointDurableExecution"
HEARTBEAT = "SendTaskHeartbeat"
SUCCESS = "SendTaskSuccess"
FAILURE = "SendTaskFailure"
GET_EXECUTION = "GetDurableExecution"
EVENT_BRIDGE = "EventBridge invocations"
SCALING = "scaling of a function"
CONCURRENCY = "Lambda concurrency"
QUOTAS: Mapping[str, Quota] = {
    START_EXECUTION: Quota(Rate(1300, 300), Rate(800, 150), True, _STEP_FUNCTIONS),
    TRANSITION: _of(5000, 800, False, _STEP_FUNCTIONS),
    DURABLE_START: _of(300, 300, True, _LAMBDA),
    CHECKPOINT: _of(20_000, 10_000, True, _LAMBDA),
    HEARTBEAT: _SEND_TASK,
    SUCCESS: _SEND_TASK,
    FAILURE: _SEND_TASK,
    GET_EXECUTION: _of(30, 30, True, _LAMBDA),
    EVENT_BRIDGE: _of(18_750, 1100, False, _EVENT_BRIDGE),
    # 1,000 environments every ten seconds, refilled continuously.
    SCALING: Quota(Rate(1000, 100), Rate(1000, 100), True, _SCALING),
}
# A new account has 10, every other one 1,000 unless it asks for more.
CONCURRENCIES = (10, 1000, 10_000)
UNLIMITED = Rate(1e9, 1e9)
UNLIMITED_CONCURRENCY = 10**9


@dataclass(frozen=True)
class AccountQuotas:
    """The quotas of one account in one Region.

    Args:
        concurrency: the invocations at once of all its functions
        rates: the token buckets, by their names in QUOTAS
    """

    concurrency: int
    rates: Mapping[str, Rate] = field(
        default_factory=lambda: {name: quota.rate for name, quota in QUOTAS.items()}
    )

    @classmethod
    def of(cls, quotas: Quotas) -> "AccountQuotas":
        """The quotas that a file sets for the local endpoint; all others are unlimited."""
        rates = dict.fromkeys(QUOTAS, UNLIMITED)
        if quotas.durable_starts:
            rates[DURABLE_START] = quotas.durable_starts
        for call, rate in quotas.calls.items():
            rates[call.split(":")[1]] = rate
        return cls(quotas.concurrency or UNLIMITED_CONCURRENCY, rates)


@dataclass(kw_only=True)
class Throttles:
    """What met the quotas at their limits.

    Args:
        throttles: the calls that met each quota at its limit
        first: the quota that was the first at its limit; None if none was
    """

    throttles: Counter[str] = field(default_factory=Counter)
    first: str | None = None

    def note_throttle(self, quota: str) -> None:
        self.throttles[quota] += 1
        self.first = self.first or quota
