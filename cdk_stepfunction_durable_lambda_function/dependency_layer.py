# SPDX-License-Identifier: MIT-0
"""The Lambda layer that holds lambda/requirements.txt, built by pip at synthesis."""

import compileall
import hashlib
import py_compile
import subprocess
import sys
from pathlib import Path

import jsii
from aws_cdk import AssetHashType, BundlingOptions, ILocalBundling
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

RUNTIME = lambda_.Runtime.PYTHON_3_14
ARCHITECTURE = lambda_.Architecture.ARM_64
PYTHON_VERSION = RUNTIME.name.removeprefix("python")
REQUIREMENTS = Path(__file__).resolve().parent.parent / "lambda" / "requirements.txt"
# pip and Lambda name the same architecture differently.
PIP_ARCHITECTURE = {"arm64": "aarch64", "x86_64": "x86_64"}[ARCHITECTURE.name]
PIP_INSTALL = (
    "-m pip install --quiet --disable-pip-version-check --no-input --no-compile --no-deps "
    f"--python-version {PYTHON_VERSION} --implementation cp --only-binary=:all: "
    f"--platform manylinux2014_{PIP_ARCHITECTURE}"
).split()


def compiles_for_runtime() -> bool:
    """Tell whether the runtime loads bytecode that this Python compiles."""
    return ".".join(map(str, sys.version_info[:2])) == PYTHON_VERSION


def compile_bytecode(directory: Path) -> None:
    """Compile every module below a directory with this Python.

    CDK resets the times of files when it packs an asset. Python would then take bytecode that
    is checked by time for stale, so it is compiled as unchecked.
    """
    compileall.compile_dir(
        directory, quiet=1, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
    )


@jsii.implements(ILocalBundling)
class PipBundling:
    """Fills the layer by this Python's pip, with packages for the runtime's platform."""

    def try_bundle(self, output_dir: str, *_args: object, **_options: object) -> bool:
        """Install into CDK's output directory; return False to let CDK fall back to Docker."""
        target = Path(output_dir) / "python"
        finished = subprocess.run(
            [sys.executable, *PIP_INSTALL, "--target", str(target), "-r", str(REQUIREMENTS)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            timeout=600,
        )
        if finished.returncode != 0:
            last_line = (finished.stderr.strip() or "no pip in this Python").splitlines()[-1]
            print(f"layer: pip could not install {REQUIREMENTS.name}: {last_line}", file=sys.stderr)
            return False
        if compiles_for_runtime():
            compile_bytecode(target)
        return True


class DependencyLayer(lambda_.LayerVersion):
    """The durable SDK and boto3, pinned, for every function of the stack."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(
            scope,
            construct_id,
            description="The durable execution SDK and boto3",
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[ARCHITECTURE],
            code=lambda_.Code.from_asset(
                str(REQUIREMENTS.parent),
                exclude=["*", "!requirements.txt"],
                # With a hash of the content CDK builds the layer only if cdk.out lacks it.
                asset_hash_type=AssetHashType.CUSTOM,
                asset_hash=_content_hash(),
                bundling=BundlingOptions(
                    image=RUNTIME.bundling_image,
                    command=[
                        "bash",
                        "-c",
                        f"python {' '.join(PIP_INSTALL)} "
                        "--target /asset-output/python -r requirements.txt",
                    ],
                    local=PipBundling(),
                ),
            ),
        )


def _content_hash() -> str:
    content = hashlib.sha256(REQUIREMENTS.read_bytes())
    content.update(f"{PIP_INSTALL} bytecode={compiles_for_runtime()}".encode())
    return content.hexdigest()
