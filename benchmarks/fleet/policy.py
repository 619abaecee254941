# SPDX-License-Identifier: MIT-0
"""The stack's retries under throttling: read from the synthesized template and from lambda/."""

import importlib
import json
import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from local.environment import PROJECT

Jitter = Literal["NONE", "HALF", "FULL"]
ASYNC_FUNCTION = "AsyncDurableFunction"
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
DEFAULT_EVENT_AGE_SECONDS = 21_600


@dataclass(frozen=True)
class Retry:
    """How often something is tried again, and after which pauses.

    https://states-language.net/spec.html#retriers

    Args:
        retries: the attempts after the first one
        interval: seconds before the first of them
        longest: the cap of a pause, in seconds; None for no cap
        jitter: FULL takes a random part of a pause, HALF at least its half
    """

    retries: int
    interval: float = 1
    backoff_rate: float = 2
    longest: float | None = None
    jitter: Jitter = "NONE"

    @classmethod
    def of_state(cls, retrier: Mapping[str, Any]) -> "Retry":
        """The retry of a state, as the definition has it; what it leaves out has its default."""
        return cls(
            retrier.get("MaxAttempts", 3),
            retrier.get("IntervalSeconds", 1),
            retrier.get("BackoffRate", 2),
            retrier.get("MaxDelaySeconds"),
            retrier.get("JitterStrategy", "NONE"),
        )

    def pause(self, retry: int, chance: random.Random) -> float | None:
        """Seconds before a retry, of which the first is 1; None when there is no other."""
        if retry > self.retries:
            return None
        longest = float("inf") if self.longest is None else self.longest
        # A power of a high retry is no float any more.
        pause = min(self.interval * self.backoff_rate ** min(retry - 1, 100), longest)
        if self.jitter == "NONE":
            return pause
        return pause * (chance.random() if self.jitter == "FULL" else chance.uniform(0.5, 1))

    @property
    def longest_window(self) -> float:
        """Seconds from the first attempt to the last one, if every pause is as long as can be."""
        whole = Retry(self.retries, self.interval, self.backoff_rate, self.longest)
        pauses = (whole.pause(retry, random.Random(0)) for retry in range(1, self.retries + 1))
        return sum(pause or 0 for pause in pauses)


@dataclass(frozen=True)
class Policy:
    """The times of the stack, in seconds, and its retries.

    Args:
        invoke: the retry of each state after Lambda.TooManyRequestsException: async, sync
        heartbeat: how long the asynchronous task waits for an answer or a heartbeat
        event_age: how old an event may be when Lambda first runs it
        execution_timeouts: of the durable executions: async, sync
        machine_timeout: of an execution of the state machine
        callback: the retry of a durable step that calls Step Functions
        guard_attempts: how often the guard makes each of its calls in one invocation
    """

    invoke: tuple[Retry, Retry]
    heartbeat: float
    event_age: float
    execution_timeouts: tuple[float, float]
    machine_timeout: float
    callback: Retry
    guard_attempts: int = 1


def read_policy(template: Mapping[str, Any]) -> Policy:
    """The policy of a synthesized template, and of the handlers in lambda/.

    Raises:
        KeyError, ValueError: the template is not that of this project's stack
    """
    resources = template["Resources"].values()
    definition = _definition(resources)
    first, second = definition["States"].values()
    functions = [
        each["Properties"]["DurableConfig"]["ExecutionTimeout"]
        for each in resources
        if "DurableConfig" in each.get("Properties", {})
    ]
    ages = [
        each["Properties"]["MaximumEventAgeInSeconds"]
        for each in resources
        if each["Type"] == "AWS::Lambda::EventInvokeConfig"
        and ASYNC_FUNCTION in json.dumps(each["Properties"]["FunctionName"])
    ]
    return Policy(
        invoke=(_retry(first), _retry(second)),
        heartbeat=first["HeartbeatSeconds"],
        event_age=ages[0] if ages else DEFAULT_EVENT_AGE_SECONDS,
        execution_timeouts=(functions[0], functions[1]),
        machine_timeout=definition["TimeoutSeconds"],
        callback=_callback_retry(),
        guard_attempts=_guard_attempts(resources),
    )


def _definition(resources: Any) -> dict[str, Any]:
    """The definition of the one state machine; references in it become their logical ids."""
    [machine] = [each for each in resources if each["Type"] == "AWS::StepFunctions::StateMachine"]
    text = machine["Properties"]["DefinitionString"]
    parts = text["Fn::Join"][1] if isinstance(text, dict) else [text]
    joined = "".join(part if isinstance(part, str) else "reference" for part in parts)
    definition: dict[str, Any] = json.loads(joined)
    return definition


def _guard_attempts(resources: Any) -> int:
    variables = [
        each["Properties"].get("Environment", {}).get("Variables", {})
        for each in resources
        if each["Type"] == "AWS::Lambda::Function"
    ]
    [attempts] = [each["AWS_MAX_ATTEMPTS"] for each in variables if "AWS_MAX_ATTEMPTS" in each]
    return int(attempts)


def _retry(state: Mapping[str, Any]) -> Retry:
    [retrier] = state["Retry"]
    return Retry.of_state(retrier)


def _callback_retry() -> Retry:
    """The retry of a callback's durable step, by the handlers' own configuration."""
    directory = str(PROJECT / "lambda")
    if directory not in sys.path:
        sys.path.append(directory)
    config = importlib.import_module("task_callback").BACKOFF
    return Retry(
        config.max_attempts - 1,
        config.initial_delay.to_seconds(),
        config.backoff_rate,
        config.max_delay.to_seconds(),
        config.jitter_strategy.name,
    )
