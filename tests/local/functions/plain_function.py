# SPDX-License-Identifier: MIT-0
"""A function that is not durable, at an endpoint without an assembly."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.endpoint.endpoint import Endpoint
from local.functions.function import FunctionConfiguration


class PlainFunction:
    """A function that is not durable, made of a piece of code."""

    def __init__(self, endpoint: Endpoint, directory: Path) -> None:
        self._endpoint = endpoint
        self._directory = directory
        self.client = endpoint.client("lambda")

    def deploy(self, code: str, timeout_seconds: int = 5, runtime: str = "python3.14") -> None:
        (self._directory / "function.py").write_text(code)
        self.create("function.handler", timeout_seconds, runtime=runtime)

    def create(
        self,
        handler: str,
        timeout_seconds: int = 5,
        layers: tuple[Path, ...] = (),
        runtime: str = "python3.14",
        environment: Mapping[str, str] = {"COLOUR": "blue"},
    ) -> None:
        self._endpoint.lambda_service.functions.create_function(
            FunctionConfiguration(
                name="plain",
                handler=handler,
                runtime=runtime,
                code=self._directory,
                layers=layers,
                environment=environment,
                timeout_seconds=timeout_seconds,
                memory_mb=128,
                role_arn="",
                log_group="",
                json_logs=False,
                durable=None,
            )
        )

    def invoke(self, event: Any = None) -> dict[str, Any]:
        answer = self.client.invoke(FunctionName="plain", Payload=json.dumps(event))
        return {**answer, "Payload": json.load(answer["Payload"])}
