# SPDX-License-Identifier: MIT-0
"""Records tests/histories/ anew, one durable execution for each outcome of the pattern.

`python -m tests.local.record_histories`; CONTRIBUTING.md says when.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inspect_execution.command_line.history_files import history_document
from inspect_execution.histories.recording import DurableRecord
from inspect_execution.reading.aws_api import AwsApi
from inspect_execution.reading.redaction import Redaction
from local.cloudformation.synthesis import synthesize
from local.endpoint.interception import intercepting
from local.environment import PROJECT

from ..support.assemblies.variants import append
from ..support.functions.held_waits import HeldWaits
from ..support.stacks.scenario import ASYNC, SYNC, Scenario, deployed
from .faults.injection import Faults, refused, throttled

HISTORIES = PROJECT / "tests" / "histories"
MINUTES = {"minutes_to_wait": 20}
FAILING = "\n\ndef {step}(*_):\n    raise LookupError('no widgets left')\n"


def main() -> int:
    """Record all, and say where they are."""
    HISTORIES.mkdir(exist_ok=True)
    with deployed(synthesize(PROJECT / "cdk.out")) as scenario:
        for name, arn in _recorded(scenario):
            (HISTORIES / f"{name}.json").write_text(document(scenario, arn))
            print(HISTORIES / f"{name}.json")
    return 0


def document(scenario: Scenario, arn: str) -> str:
    """The file of a durable execution, as it is now."""
    client = scenario.deployment.endpoint.client
    api = AwsApi(client("stepfunctions"), client("lambda"), "this machine")
    # In this order: the held wait of an order goes on once its execution has been read.
    events, details = api.durable_history(arn), api.durable_execution(arn)
    redaction = Redaction.knowing(()).also(details.get("InputPayload"))
    return history_document(DurableRecord(arn, redaction.apply(details), redaction.apply(events)))


def _recorded(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """A name for each outcome, and the ARN of a durable execution that has it."""
    finished = scenario.run(MINUTES)
    yield "order-fulfilled", finished.asynchronous[0].arn
    yield "invoice-sent", finished.synchronous[0].arn
    yield "order-invalid-input", scenario.run({"minutes_to_wait": -5}).asynchronous[0].arn
    yield "order-by-hand", _by_hand(scenario, ASYNC, MINUTES)
    yield "invoice-invalid-input", _by_hand(scenario, SYNC, {})
    for name, function, step in (
        ("order-failed-step", ASYNC, "orders.notify_customer"),
        ("invoice-failed-step", SYNC, "invoices.send_invoice"),
    ):
        with _failing(scenario, step):
            yield name, _by_hand(scenario, function, {**MINUTES, "order_id": "order-1"})
    with _faults(scenario) as faults:
        faults.inject("SendTaskSuccess", refused("InvalidOutput"))
        yield "order-refused-success", scenario.run(MINUTES).asynchronous[0].arn
        faults.inject("SendTaskFailure", refused("AccessDeniedException"))
        yield "order-refused-failure", scenario.run({"minutes_to_wait": 0}).asynchronous[0].arn
        faults.inject("SendTaskSuccess", *[throttled] * 5)
        yield "order-retried-success", scenario.run(MINUTES).asynchronous[0].arn
    with intercepting(scenario.deployment.endpoint, HeldWaits().intercept):
        execution = scenario.start(MINUTES)
        yield "order-waiting", scenario.waiting_order(execution)
        scenario.finished(execution)
        execution = scenario.start(MINUTES)
        scenario.waiting_order(execution)
        scenario.step_functions.stop_execution(executionArn=execution)
        yield "order-abandoned", scenario.finished(execution).asynchronous[0].arn


def _by_hand(scenario: Scenario, function: str, event: object) -> str:
    answer = scenario.invoke(scenario.version(function), event, "Event")
    return scenario.ended_durable_execution(answer["DurableExecutionArn"]).arn


@contextmanager
def _failing(scenario: Scenario, step: str) -> Iterator[None]:
    """The assembly with a business step that fails for good."""
    module, function = step.split(".")
    with (
        tempfile.TemporaryDirectory() as directory,
        scenario.changed(
            Path(directory),
            lambda assembly: append(assembly, f"{module}.py", FAILING.format(step=function)),
        ),
    ):
        yield


@contextmanager
def _faults(scenario: Scenario) -> Iterator[Faults]:
    endpoint = scenario.deployment.endpoint
    faults = Faults(endpoint)
    with intercepting(endpoint, faults.intercept, faults.invoke):
        yield faults


if __name__ == "__main__":
    sys.exit(main())
