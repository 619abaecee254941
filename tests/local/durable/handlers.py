# SPDX-License-Identifier: MIT-0
"""Durable handlers, as text, whose histories have nearly every kind of event."""

MANY = """
def flaky(step):
    if step.attempt == 1:
        raise RuntimeError("first")
    return "ok"
def failing(step):
    raise LookupError("never")
def twice(config):
    return StepConfig(retry_strategy=create_retry_strategy(RetryStrategyConfig(max_attempts=2)))
def child(context):
    return context.step(lambda _: 1, name="inside")
def broken_child(context):
    raise ValueError("broken")
from aws_durable_execution_sdk_python.waits import WaitForConditionConfig, WaitForConditionDecision
def decide(state, attempt):
    if state >= 2:
        return WaitForConditionDecision.stop_polling()
    return WaitForConditionDecision.continue_waiting(Duration.from_seconds(3))
@durable_execution
def handler(event, context):
    context.step(flaky, name="flaky", config=twice(None))
    try:
        context.step(failing, name="failing", config=twice(None))
    except Exception:
        pass
    context.wait(Duration.from_seconds(7), name="pause")
    context.run_in_child_context(child, name="child")
    try:
        context.run_in_child_context(broken_child, name="broken")
    except Exception:
        pass
    context.wait_for_condition(
        lambda state, _: state + 1,
        WaitForConditionConfig(initial_state=0, wait_strategy=decide), name="poll",
    )
    return {"done": event}
"""
CRASH = """
import os
from pathlib import Path
@durable_execution
def handler(event, context):
    mark = Path(event["mark"])
    if not mark.exists():
        mark.write_text("x")
        os._exit(event["status"])
    return context.step(lambda _: "ok", name="after")
"""
FAILING = """
@durable_execution
def handler(event, context):
    raise ValueError("no")
"""
CALLBACK = """
@durable_execution
def handler(event, context):
    config = CallbackConfig(**{key: Duration.from_seconds(event[key]) for key in event})
    return context.create_callback(name="answer", config=config).result()
"""
# Operations at the same time: their checkpoints and ends are recorded while others are read.
BRANCHES = """
@durable_execution
def handler(event, context):
    def branch(child):
        for number in range(5):
            child.step(lambda _: number, name=f"step-{number}")
        child.wait(Duration.from_seconds(1), name="pause")
        child.step(lambda _: "done", name="last")
    context.parallel([branch] * 3)
    context.step(lambda _: "done", name="end")
"""
