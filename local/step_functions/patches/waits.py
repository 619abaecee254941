# SPDX-License-Identifier: MIT-0
"""Patches of Wait states and of the pauses before retries: both take modelled time."""

from datetime import timedelta

from moto.stepfunctions.parser.asl.component.common.retry.max_attempts_decl import (
    MaxAttemptsOutcome,
)
from moto.stepfunctions.parser.asl.component.common.retry.retrier_decl import RetrierDecl
from moto.stepfunctions.parser.asl.component.common.retry.retrier_outcome import RetrierOutcome
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import (
    WaitFunction,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment

from ...clocks.modelled_clock import now
from ...patching import replacing


def pass_time(env: Environment, seconds: float) -> None:
    """Let modelled time pass, or less when the execution ends meanwhile."""
    end = now() + timedelta(seconds=seconds)
    while env.is_running() and (left := (end - now()).total_seconds()) > 0:
        # Other things set this event, too: then the rest is waited for.
        env.program_state_event.pause(left, is_over=lambda: not env.is_running())


@replacing(
    WaitFunction,
    "_wait_interval",
    gap="A Wait state waits in real time.",
    probe="wait_state_waits_in_real_time",
)
def _wait_interval(self: WaitFunction, env: Environment, wait_seconds: float) -> None:
    pass_time(env, wait_seconds)


@replacing(
    RetrierDecl,
    "_eval_body",
    gap="The pause before a retry takes real time, and goes on when the execution is stopped.",
    probe="retry_pauses_in_real_time",
)
def _retry(self: RetrierDecl, env: Environment) -> None:
    self.error_equals.eval(env)
    if not env.stack.pop():
        env.stack.append(RetrierOutcome.Skipped)
        return
    self.max_attempts.eval(env=env)
    if env.stack.pop() == MaxAttemptsOutcome.EXHAUSTED:
        env.stack.append(RetrierOutcome.Failed)
        return
    self.interval_seconds.eval(env=env)
    self.backoff_rate.eval(env=env)
    self.max_delay_seconds.eval(env=env)
    self.jitter_strategy.eval(env=env)
    pass_time(env, env.stack.pop())
    env.stack.append(RetrierOutcome.Executed)
