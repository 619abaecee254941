# SPDX-License-Identifier: MIT-0
"""The quotas that a file of `--quotas` sets for the endpoint."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import UsageError
from ..service_models import service_model

# The services whose errors for throttled calls are known here, by what their calls are signed for,
# and boto3's names of them.
SERVICES = {"lambda": "lambda", "states": "stepfunctions"}
KEYS = ("concurrency", "durable_starts", "calls")
RATE_KEYS = {"bucket", "per_second"}


@dataclass(frozen=True)
class Rate:
    """A token bucket: so many calls at once, and so many more each second."""

    bucket: float
    per_second: float


@dataclass(frozen=True)
class Quotas:
    """The quotas of an account. What is left out is unlimited.

    Args:
        concurrency: the invocations at once of all functions
        durable_starts: the invocations that start a durable execution
        calls: of each call that has a quota, as `states:StartExecution`
    """

    concurrency: int | None = None
    durable_starts: Rate | None = None
    calls: Mapping[str, Rate] = field(default_factory=dict)


UNLIMITED = Quotas()


def read_quotas(path: Path) -> Quotas:
    """The quotas in a file.

    Raises:
        UsageError: it cannot be read, is no JSON object, or has a key or a value that is none
    """
    try:
        given = json.loads(path.read_text())
    except OSError as error:
        raise UsageError(f"--quotas {path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"--quotas {path} must be JSON: {error}") from None
    return _Reader(str(path)).quotas(given)


@dataclass(frozen=True)
class _Reader:
    """Reads the values of a file, and names it in what it refuses."""

    file: str

    def quotas(self, given: Any) -> Quotas:
        for key in self._object("the file", given):
            if key not in KEYS:
                raise self._refusal(f"{key!r} is not one of {', '.join(KEYS)}")
        concurrency = given.get("concurrency")
        is_whole = isinstance(concurrency, int) and not isinstance(concurrency, bool)
        if concurrency is not None and not (is_whole and concurrency > 0):
            raise self._refusal(
                f"concurrency must be a whole number more than 0, got {json.dumps(concurrency)}"
            )
        starts = given.get("durable_starts")
        calls = self._object("calls", given.get("calls", {}))
        return Quotas(
            concurrency,
            None if starts is None else self._rate("durable_starts", starts),
            {self._call(name): self._rate(f"calls: {name}", rate) for name, rate in calls.items()},
        )

    def _object(self, name: str, given: Any) -> dict[str, Any]:
        if not isinstance(given, dict):
            raise self._refusal(f"{name} must be a JSON object, got {json.dumps(given)}")
        return given

    def _call(self, name: str) -> str:
        service, _, operation = name.partition(":")
        if service not in SERVICES:
            known = " or ".join(f"{each}:" for each in SERVICES)
            raise self._refusal(f"calls: {name!r} must begin with {known}")
        model = service_model(SERVICES[service])
        if operation not in model.operation_names:
            raise self._refusal(f"calls: {name!r} is no call of {service}")
        return name

    def _rate(self, name: str, given: Any) -> Rate:
        rate = self._object(name, given)
        if set(rate) != RATE_KEYS:
            raise self._refusal(f"{name} must have bucket and per_second, got {json.dumps(given)}")
        numbers = {key: self._number(f"{name}: {key}", value) for key, value in rate.items()}
        if numbers["bucket"] < 1:
            raise self._refusal(f"{name}: bucket must be at least 1, got {rate['bucket']}")
        return Rate(**numbers)

    def _number(self, name: str, value: Any) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0 < value < float("inf"):
            raise self._refusal(f"{name} must be a number more than 0, got {json.dumps(value)}")
        return float(value)

    def _refusal(self, why: str) -> UsageError:
        return UsageError(f"--quotas {self.file}: {why}")
