# SPDX-License-Identifier: MIT-0
"""The app, before there is a stack: where it runs, and what its context may say."""

import json
import os
import subprocess
import sys
import tarfile
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest

from cdk_stepfunction_durable_lambda_function.prefix import InvalidPrefix
from local.environment import PROJECT

from ...support.assemblies.resources import (
    TemplateDict,
)
from ..conftest import synthesize


def test_the_stack_needs_no_account_and_no_region(app: ModuleType, tmp_path: Path) -> None:
    stack = app.build({"aws:cdk:bundling-stacks": []}, outdir=str(tmp_path)).synth().stacks[0]

    assert stack.stack_name == "CdkStepfunctionDurableLambdaFunctionStack"
    assert stack.environment.account == "unknown-account"
    assert stack.environment.region == "unknown-region"


def test_any_working_directory_makes_the_same_template(
    template: TemplateDict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert synthesize(tmp_path / "cdk.out", {}) == template


PHYSICAL_NAMES = ("FunctionName", "StateMachineName", "LogGroupName", "RoleName", "LayerName")


def physical_names(template: TemplateDict) -> set[str]:
    return {
        properties[name]
        for resource in template["Resources"].values()
        for properties in [resource["Properties"]]
        for name in PHYSICAL_NAMES
        if isinstance(properties.get(name), str)
    }


def test_two_prefixes_share_no_name(
    app: ModuleType, template: TemplateDict, tmp_path: Path
) -> None:
    context = {"prefix": "blue", "aws:cdk:bundling-stacks": []}
    blue = app.build(context, outdir=str(tmp_path)).synth().stacks[0]

    assert blue.stack_name == "CdkStepfunctionDurableLambdaFunctionStack-blue"
    assert "sfn-dfn" not in json.dumps(blue.template)
    assert physical_names(blue.template) == {
        "blue-async-durable-fn",
        "blue-callback-guard-fn",
        "blue-sync-durable-fn",
        "blue-integration-pattern-cdk",
        "/aws/vendedlogs/states/blue-integration-pattern-cdk",
    }
    assert not physical_names(blue.template) & physical_names(template)


@pytest.mark.parametrize("prefix", ["", "a b", "-a", "1a", "a_b", "a" * 41, 5])
def test_a_prefix_that_cannot_be_in_a_name_is_refused(app: ModuleType, prefix: object) -> None:
    with pytest.raises(InvalidPrefix, match=r"prefix must be 1 to 40 letters.*, got "):
        app.build({"prefix": prefix})


def test_every_recommended_feature_flag_of_the_pinned_release_is_set() -> None:
    cdk = find_spec("aws_cdk")
    assert cdk is not None
    assert cdk.origin is not None
    [bundle] = (Path(cdk.origin).parent / "_jsii").glob("aws-cdk-lib@*.tgz")
    with tarfile.open(bundle) as archive:
        member = archive.extractfile("package/recommended-feature-flags.json")
        assert member is not None
        recommended = json.load(member)
    context = json.loads((PROJECT / "cdk.json").read_text())["context"]

    assert context == recommended
    assert context["@aws-cdk/core:validateAgainstDefaultRules"] is True


def test_cdk_finds_nothing_in_a_template_with_every_option(tmp_path: Path) -> None:
    context = {
        "prefix": "blue",
        "monitoring": "true",
        "start_once": "true",
        "durable_key_arn": "arn:aws:kms:us-east-1:123456789012:key/ID",
        "aws:cdk:bundling-stacks": [],
    }
    environment = {
        **os.environ,
        "CDK_CONTEXT_JSON": json.dumps(context),
        "CDK_OUTDIR": str(tmp_path),
    }
    # Which switches the validation off for the other tests.
    del environment["CDK_VALIDATION"]

    subprocess.run([sys.executable, PROJECT / "app.py"], env=environment, check=True, timeout=120)

    report = json.loads((tmp_path / "validation-report.json").read_text())
    assert report["pluginReports"] == []
