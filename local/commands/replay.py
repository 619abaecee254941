# SPDX-License-Identifier: MIT-0
"""`python -m local replay`: whether recorded durable executions would go on in these handlers."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from inspect_execution.text import count

from ..endpoint.endpoint import Endpoint
from ..errors import UsageError
from ..functions.function import FunctionVersion
from ..replay.recorded import RecordedExecution
from ..replay.replayer import Replayer, ReplayResult
from .deployment_options import DeploymentOptions


@dataclass(frozen=True)
class ReplayOptions:
    """The options of the command line.

    Args:
        function: the function to replay all files with; None for the one that each file names
    """

    deployment: DeploymentOptions
    files: list[Path]
    function: str | None = None

    def execute(self) -> int:
        return replay(self)


def replay(options: ReplayOptions) -> int:
    """Replay the files and return the exit status: 0 if every execution would go on, 1 if not.

    Raises:
        UsageError: a file is no recording, or its function is none of the assembly's
        LocalError: a handler does not load
    """
    recordings = [(path, RecordedExecution.read(path)) for path in options.files]
    assembly = options.deployment.read()
    has_difference = False
    with Endpoint(environment=assembly.environment) as endpoint:
        options.deployment.deploy(assembly, endpoint)
        for path, recorded, function, result in _results(endpoint, recordings, options.function):
            has_difference |= result.difference is not None
            with_ = f", replayed with {function}" if function != recorded.function else ""
            print(
                f"{path}: {recorded.function}, {recorded.status}{with_}: {_line(recorded, result)}"
            )
    return 1 if has_difference else 0


def _results(
    endpoint: Endpoint, recordings: list[tuple[Path, RecordedExecution]], function: str | None
) -> Iterator[tuple[Path, RecordedExecution, str, ReplayResult]]:
    """Each recording, with the name of the function that it was replayed with."""
    pool = endpoint.lambda_service.sandboxes
    latest = endpoint.lambda_service.functions.latest()
    versions = {each.name: each for each in latest if each.configuration.durable}
    replayers: dict[str, Replayer] = {}
    with ExitStack() as sandboxes:
        for path, recorded in recordings:
            version = _version(versions, function or recorded.function, path)
            if version.name not in replayers:
                replayers[version.name] = sandboxes.enter_context(
                    Replayer(version, pool.environment(version))
                )
            yield path, recorded, version.name, replayers[version.name].replay(recorded)


def _version(versions: dict[str, FunctionVersion], name: str, path: Path) -> FunctionVersion:
    if name not in versions:
        raise UsageError(
            f"{path}: no durable function of this assembly is called {name}; "
            f"--function takes one of {', '.join(sorted(versions)) or 'none'}"
        )
    return versions[name]


def _line(recorded: RecordedExecution, result: ReplayResult) -> str:
    if result.difference is not None:
        return f"DIFFERS: {result.difference}"
    operations = count(len(recorded.operations()), "operation")
    same = f"the same {operations} from {count(result.states, 'state')}"
    if recorded.end is not None:
        return f"{same}, and the same end"
    return f"{same}; goes on with {result.next}" if result.next else f"{same}; goes on"
