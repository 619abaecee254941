# SPDX-License-Identifier: MIT-0
"""The AWS account of the usual places, and the stack in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cdk_stepfunction_durable_lambda_function.prefix import InvalidPrefix, Prefix
from inspect_execution.errors import ApiCallFailed

from .patience import ON_AWS
from .stack import Stack

CONFIG = Config(
    connect_timeout=5,
    # A synchronous invocation is answered after the invoice's wait.
    read_timeout=60,
    # stack.py makes sure that a second attempt to start anything starts nothing more.
    retries={"mode": "standard", "total_max_attempts": 5},
)
OUTPUTS = {"AsyncDurableFunctionName", "StepFunctionDFArn", "SyncDurableFunctionName"}


@dataclass(frozen=True)
class Account:
    """An account and a region, with credentials for them."""

    session: boto3.Session
    number: str

    @classmethod
    def of_the_usual_places(cls) -> "Account":
        """Those of the environment, or of a profile.

        Raises:
            UsageError: there are none, or they are not valid
        """
        with telling("--target aws"):
            session = boto3.Session()
            if session.region_name is None:
                raise pytest.UsageError(
                    "--target aws: there is no region: set AWS_DEFAULT_REGION or AWS_PROFILE"
                )
            if session.get_credentials() is None:
                raise pytest.UsageError(
                    "--target aws: there are no credentials: set AWS_PROFILE or "
                    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
                )
            caller = session.client("sts", config=CONFIG).get_caller_identity()
        return cls(session, str(caller["Account"]))

    @property
    def region(self) -> str:
        return str(self.session.region_name)

    @property
    def in_words(self) -> str:
        return f"account {self.number}, {self.region}"

    def stack(self, prefix: str) -> Stack:
        """The stack that was deployed with that prefix.

        Raises:
            UsageError: there is none, or it is not deployed to its end
        """
        name = _parse(prefix).stack_name
        with telling(f"--target aws: {name} in {self.in_words}"):
            [described] = self.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
        outputs = {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}
        if not set(outputs) >= OUTPUTS:
            raise pytest.UsageError(
                f"--target aws: {name} in {self.in_words} is {described['StackStatus']} and lacks "
                f"the outputs {', '.join(sorted(OUTPUTS - set(outputs)))}"
            )
        return Stack(self.client, outputs, Prefix(prefix), ON_AWS)

    def client(self, service: str) -> Any:
        return self.session.client(service, config=CONFIG)


def _parse(prefix: str) -> Prefix:
    try:
        return Prefix.parse(prefix)
    except InvalidPrefix as error:
        raise pytest.UsageError(f"--prefix: {error}") from None


@contextmanager
def telling(about: str) -> Iterator[None]:
    """What AWS says against it, in one line."""
    try:
        yield
    except ClientError as error:
        told = error.response["Error"]
        raise pytest.UsageError(f"{about}: {told['Code']}: {told['Message']}") from None
    except ApiCallFailed as error:
        raise pytest.UsageError(f"{about}: {error}") from None
    except BotoCoreError as error:
        raise pytest.UsageError(f"{about}: {' '.join(str(error).split())}") from None
