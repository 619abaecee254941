# SPDX-License-Identifier: MIT-0
"""The account and Region in which everything is deployed, and the project's folder."""

from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
# https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


@dataclass(frozen=True)
class Environment:
    """An account and a Region: of stacks without an environment, the defaults."""

    account: str = "123456789012"
    region: str = "us-east-1"

    @property
    def partition(self) -> str:
        begins = (name for start, name in _PARTITIONS.items() if self.region.startswith(start))
        return next(begins, "aws")

    @property
    def url_suffix(self) -> str:
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account and Region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def global_arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account that is in no Region, such as a role."""
        return f"arn:{self.partition}:{service}::{self.account}:{resource}"


DEFAULT_ENVIRONMENT = Environment()
_current = [DEFAULT_ENVIRONMENT]


def environment() -> Environment:
    """The environment of the endpoint of this process."""
    return _current[0]


def use_environment(wanted: Environment) -> None:
    """Set the environment of the next endpoint: moto keeps its state in the process."""
    _current[0] = wanted
