# SPDX-License-Identifier: MIT-0
"""Bytes of what is deployed, against Lambda's limits."""

from pathlib import Path

from benchmarks.assets import MAX_UNPACKED_BYTES, MAX_ZIPPED_BYTES, Size, sizes, table
from local.cloudformation.assembly import StackArtifact


def test_files_are_counted_as_they_are_and_as_they_are_packed(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "zeros").write_bytes(bytes(100_000))
    (tmp_path / "one").write_bytes(b"1")

    size = Size.of(tmp_path)

    assert size.unpacked == 100_001
    # Two headers of 30 and 46 bytes, each with the name; the end of 22; and what is in them.
    framing = 2 * (30 + 46) + 2 * (len("below/zeros") + len("one")) + 22
    assert 0 < size.zipped - framing < 200


def test_what_is_deployed_of_one_asset_is_told_together(tmp_path: Path) -> None:
    for name in ("code", "layer"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    function = {"Type": "AWS::Lambda::Function"}
    template = {
        "A": {**function, "Properties": {"FunctionName": "a", "Code": {"S3Key": "1.zip"}}},
        "B": {**function, "Properties": {"FunctionName": "b", "Code": {"S3Key": "1.zip"}}},
        "L": {
            "Type": "AWS::Lambda::LayerVersion",
            "Properties": {"Content": {"S3Key": "2.zip"}},
        },
        "M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {}},
    }
    assets = {"1.zip": tmp_path / "code", "2.zip": tmp_path / "layer"}

    measured = sizes(StackArtifact("stack", "stack", tmp_path, {"Resources": template}, assets))

    assert {name: size.unpacked for name, size in measured.items()} == {"a, b": 4, "layer": 5}


def test_a_functions_share_of_the_limit_is_that_with_its_layer() -> None:
    half, tenth = MAX_UNPACKED_BYTES // 2, MAX_ZIPPED_BYTES // 10
    rows = table({"f": Size(half, tenth), "layer": Size(half, tenth)}).rows

    assert [(row[0], *row[3:]) for row in rows] == [
        ("layer", "50.0%", "10.0%"),
        ("f", "100.0%", "10.0%"),
    ]
