# SPDX-License-Identifier: MIT-0
"""The options of every command that deploys: its assembly, stacks, parameters and ignored types."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from inspect_execution.program import ArgumentParser

from ..cloudformation.assembly import Assembly, read_assembly
from ..cloudformation.synthesis import synthesize
from ..environment import PROJECT

if TYPE_CHECKING:
    from ..cloudformation.deployment import Deployment
    from ..endpoint.endpoint import Endpoint

PATTERN_STACK = "CdkStepfunctionDurableLambdaFunctionStack"


@dataclass(frozen=True)
class DeploymentOptions:
    """What is deployed.

    Args:
        assembly: the directory of a cloud assembly; None for this app's, synthesized
        stack: a glob pattern of the stacks that are deployed; None for all
        ignored: the resource types that are ignored
        parameters: the values of template parameters that are not the defaults
    """

    assembly: Path | None = None
    stack: str | None = None
    ignored: frozenset[str] = frozenset()
    parameters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, given: argparse.Namespace) -> "DeploymentOptions":
        return cls(given.assembly, given.stack, frozenset(given.ignore), dict(given.parameters))

    def read(self) -> Assembly:
        """The assembly with the stacks that are wanted.

        Raises:
            UsageError: the app cannot be synthesized, the directory is no cloud assembly, or no
                stack matches
        """
        directory = self.assembly or synthesize(PROJECT / "cdk.out")
        return read_assembly(directory).select(self.stack)

    def deploy(self, assembly: Assembly, endpoint: "Endpoint") -> "Deployment":
        """Deploy the assembly to the endpoint.

        Raises:
            UsageError: it cannot be deployed
        """
        # Only here: a wrong command line does not wait for the engines.
        from ..cloudformation.deployment import Deployment

        deployment = Deployment(assembly, endpoint, self.ignored, self.parameters)
        deployment.apply()
        return deployment


def example_input(assembly: Assembly) -> str:
    """The input to begin with: of this project's own stack, the README's."""
    is_pattern = any(stack.id == PATTERN_STACK for stack in assembly.stacks)
    return '{"minutes_to_wait": 20}' if is_pattern else "{}"


def deployment_arguments() -> ArgumentParser:
    """A parser of these options, to be the parent of a command's."""
    parser = ArgumentParser(add_help=False)
    parser.add_argument(
        "--assembly",
        metavar="DIR",
        type=Path,
        help="deploy this cloud assembly instead of this app's",
    )
    parser.add_argument(
        "--stack", metavar="PATTERN", help="deploy the stacks of this name alone, such as 'Prod/*'"
    )
    parser.add_argument(
        "--ignore",
        metavar="TYPE",
        action="append",
        default=[],
        help="ignore the resources of this type, such as AWS::WAFv2::WebACL (may be repeated)",
    )
    parser.add_argument(
        "--parameters",
        metavar="NAME=VALUE",
        action="append",
        type=_parameter,
        default=[],
        help="set a parameter of the template (may be repeated)",
    )
    return parser


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"a parameter is NAME=VALUE, got {text}")
    return name, value
