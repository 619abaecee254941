# SPDX-License-Identifier: MIT-0
"""The rules of docs/reliability.md hold in every state, and each of them is watched."""

from collections.abc import Callable

import pytest

from ...support.project import readme
from .contract import EXCEPTIONS, Contract
from .explorer import Violation, explore
from .modules import Changes
from .world import Execution, Operation, World

ONE = [World(executions=(Execution(event),)) for event in ("valid", "invalid", "by hand")]
# What is before the heartbeat touches nothing that two executions share.
WAITED = Execution(
    operations=(
        Operation("create_order", "SUCCEEDED", 0, '{"order_id": "order", "created_at": "now"}'),
        Operation("wait_for_fulfilment", "SUCCEEDED", 0, "null"),
    )
)
TWO = [World(executions=(WAITED, WAITED))]

# Each rule that is taken out of the code, by what replaces it, and the rule that is then broken.
TAKEN_OUT: dict[str, tuple[Changes, str]] = {
    "the input is checked first": (
        {"orders": (("not 0 < minutes < limit", "False"),)},
        "a business step runs although the input is invalid",
    ),
    "the heartbeat comes before the notification": (
        {"async_durable_function": (("if not task.is_open():", "if False:"),)},
        "the customer is notified although the task was closed before",
    ),
    "the order ends where the heartbeat finds the task closed": (
        {
            "task_callback": (
                (
                    'still_wanted", "send_task_heartbeat") != "CLOSED"',
                    'still_wanted", "send_task_heartbeat") != ""',
                ),
            )
        },
        "the customer is notified although the task was closed before",
    ),
    "the success is the last operation": (
        {
            "async_durable_function": (
                (
                    "    task.succeed(result)\n",
                    "    task.succeed(result)\n"
                    '    business_step(context, "more", lambda: orders.create_order(""))\n',
                ),
            )
        },
        "a failure is sent after a success was accepted",
    ),
    "what may pass is tried again": (
        {"task_callback": (("if is_transient(error) else", "if False else"),)},
        "a call that may succeed later is not tried again",
    ),
    "what is refused for good is not tried again": (
        {"task_callback": (("if is_transient(error) else", "if True else"),)},
        "a call that was refused for good is tried again",
    ),
    "a failed step is followed by a failure": (
        {"async_durable_function": (("        task.fail(failure)\n", ""),)},
        "a handler fails without sending a failure",
    ),
    "a success that never arrived is followed by a failure": (
        {
            "task_callback": (
                (
                    "if self._is_open_after(error):\n                raise",
                    "self._is_open_after(error)",
                ),
            )
        },
        "a durable execution succeeds and leaves its task open",
    ),
    "TaskTimedOut means that the task is closed": (
        {"task_callback": (("exceptions.TaskTimedOut:", "exceptions.TaskDoesNotExist:"),)},
        "a call fails because the task is closed",
    ),
    "a success without an answer, or refused, is confirmed": (
        {"task_callback": (("if self._is_open_after(error):", "if True:"),)},
        "a failure is sent after a success was accepted",
    ),
    "no failure is sent while the outcome is unknown": (
        {
            "task_callback": (
                ("raise Failure.of(error).exception() from None", "raise error from None"),
            )
        },
        "a failure is sent after a success was accepted",
    ),
    "only step and input errors are caught": (
        {
            "async_durable_function": (
                (
                    "except (StepError, InvalidInput) as",
                    "except BaseException as",
                ),
            )
        },
        "a durable operation is begun after the SDK has ended the invocation",
    ),
    "without a task token no callback is sent": (
        {
            "task_callback": (
                ("if token is None:\n            return", "if False:\n            return"),
            )
        },
        "a call is sent without the task token",
    ),
    "the token is in no error": (
        {"task_callback": (("secret=token", 'secret=""'),)},
        "the task token is shown",
    ),
    "the guard leaves a closed task alone": (
        {"callback_guard": (("exceptions.TaskTimedOut:", "exceptions.TaskDoesNotExist:"),)},
        "the guard fails at a task that is closed already",
    ),
    "the guard raises what may pass": (
        {"callback_guard": (("raise RuntimeError(message) from None", 'return "GONE"'),)},
        "the state machine is not told of a bad end that was reported",
    ),
    "the guard sends no callback without a token": (
        {"callback_guard": (("if token is None:", "if False:"),)},
        "the guard fails without a call",
    ),
    "the guard shows no token": (
        {
            "callback_guard": (
                ('.replace(token, "[task token]")\n        raise', "\n        raise"),
            )
        },
        "the task token is shown",
    ),
}


@pytest.fixture(autouse=True)
def execution_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXECUTION_TIMEOUT_SECONDS", "3600")


def test_the_contract_holds_in_every_state(record_property: Callable[[str, object], None]) -> None:
    one = Contract()
    two = Contract(attempts=1, has_pauses=False, bad_ends=("STOPPED",), reports=(1, 0))
    of_one, of_two = explore(ONE, one.successors), explore(TWO, two.successors)
    # The end of the run tells it: tests/support/project/fault_count.py.
    record_property("states", of_one.states + of_two.states)
    page = " ".join(readme.section("Every order of events").split())

    assert one.exceptions == {EXCEPTIONS["late"], EXCEPTIONS["unknown"]}
    assert two.exceptions == set(EXCEPTIONS.values())
    assert [text for text in EXCEPTIONS.values() if text not in page] == []


@pytest.mark.parametrize("rule", TAKEN_OUT)
def test_a_rule_that_is_taken_out_of_the_code_is_missed(rule: str) -> None:
    changes, broken = TAKEN_OUT[rule]
    contract = Contract(changes, has_pauses=False, reports=(1, 0))

    with pytest.raises(Violation) as violation:
        explore(ONE, contract.successors)

    assert str(violation.value).splitlines()[0] == broken
