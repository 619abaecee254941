#!/usr/bin/env python3
# SPDX-License-Identifier: MIT-0
"""The app: one stack. `-c prefix=NAME` deploys a second copy beside the first, `-c monitoring=true`
adds alarms and a dashboard, `-c start_once=true` starts the long work by name, and
`-c durable_key_arn=ARN` encrypts the data of durable executions with that key.
"""

import json
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk

from cdk_stepfunction_durable_lambda_function.options import (
    InvalidOption,
    parse_flag,
    parse_key_arn,
)
from cdk_stepfunction_durable_lambda_function.prefix import (
    DEFAULT_PREFIX,
    STACK_NAME,
    InvalidPrefix,
    Prefix,
)
from cdk_stepfunction_durable_lambda_function.stack import (
    CdkStepfunctionDurableLambdaFunctionStack,
)

ROOT = Path(__file__).resolve().parent


def build(context: dict[str, Any] | None = None, outdir: str | None = None) -> cdk.App:
    """Make the app; the caller synthesizes it.

    Args:
        context: values that replace those of cdk.json
        outdir: the directory of the cloud assembly; by default the one that `cdk` sets

    Raises:
        InvalidPrefix: `prefix` cannot be part of a resource's name
        InvalidOption: `monitoring` or `start_once` is neither true nor false, or `durable_key_arn`
            is not the ARN of a KMS key
    """
    # `cdk --app` in another directory does not read this cdk.json, and without its feature
    # flags the template differs. The app therefore reads the file itself.
    settings = json.loads((ROOT / "cdk.json").read_text())
    app = cdk.App(context={**settings["context"], **(context or {})}, outdir=outdir)
    prefix = Prefix.parse(_given(app, "prefix", DEFAULT_PREFIX))
    CdkStepfunctionDurableLambdaFunctionStack(
        app,
        STACK_NAME,
        stack_name=prefix.stack_name,
        prefix=prefix,
        is_monitored=parse_flag("monitoring", _given(app, "monitoring", False)),
        starts_once=parse_flag("start_once", _given(app, "start_once", False)),
        durable_key_arn=parse_key_arn("durable_key_arn", _given(app, "durable_key_arn", None)),
    )
    return app


def _given(app: cdk.App, key: str, default: object) -> object:
    value = app.node.try_get_context(key)
    return default if value is None else value


def main() -> None:
    try:
        build().synth()
    except (InvalidPrefix, InvalidOption) as error:
        sys.exit(f"app.py: {error}")


if __name__ == "__main__":
    main()
