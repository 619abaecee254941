# SPDX-License-Identifier: MIT-0
"""What is deployed of a directory of code."""

from pathlib import Path

BESIDE = (
    ".env",
    ".hidden.py",
    ".cache/a.py",
    "folder/b.py",
    "__pycache__/c.pyc",
    "requirements.txt",
)


def test_modules_are_deployed_and_nothing_that_lies_beside_them(tmp_path: Path) -> None:
    # The CDK takes a second to import: here, only the process that runs this waits for it.
    import aws_cdk
    from aws_cdk import aws_lambda as lambda_

    from cdk_stepfunction_durable_lambda_function.dependency_layer import RUNTIME
    from cdk_stepfunction_durable_lambda_function.handler_function import modules_of

    code, outdir = tmp_path / "code", tmp_path / "cdk.out"
    for name in ("orders.py", *BESIDE):
        path = code / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    app = aws_cdk.App(outdir=str(outdir), analytics_reporting=False)
    stack = aws_cdk.Stack(app, "Stack")
    lambda_.Function(
        stack, "Function", runtime=RUNTIME, handler="orders.handler", code=modules_of(code)
    )
    app.synth()
    [asset] = outdir.glob("asset.*")

    assert [path.name for path in asset.rglob("*")] == ["orders.py"]
