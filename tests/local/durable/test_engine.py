# SPDX-License-Identifier: MIT-0
"""The patch of the durable engine: that it works, and that the engine still needs it."""

import inspect

import pytest
from aws_durable_execution_sdk_python_testing.executor import Executor

from local.durable.engine import Engine


@pytest.mark.parametrize(("is_due", "invoked"), [(True, ["arn"]), (False, [])])
def test_what_is_due_is_completed_and_invoked_in_one_task(
    monkeypatch: pytest.MonkeyPatch, is_due: bool, invoked: list[str]
) -> None:
    engine = object.__new__(Engine)
    invocations: list[str] = []
    monkeypatch.setattr(Executor, "_fire_due_operations", lambda *_: is_due)
    monkeypatch.setattr(engine, "_invoke_execution", invocations.append)

    # False, so that the task which may be cancelled does not invoke it a second time.
    assert engine._fire_due_operations("arn") is False
    assert invocations == invoked


def test_the_engine_still_invokes_in_a_task_of_its_own() -> None:
    source = inspect.getsource(Executor._fire_due_and_invoke_handler)
    completes = source.index("self._fire_due_operations(execution_arn)")
    invokes = source.index("self._invoke_execution(execution_arn)")

    assert completes < source.index("await asyncio.wrap_future(future)") < invokes
