# SPDX-License-Identifier: MIT-0
"""Code that is unpacked is whole, and never changes below the processes that import it."""

import io
import os
import stat
import zipfile
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from local.cloudformation import code_assets
from local.cloudformation.assembly import StackArtifact
from local.cloudformation.code_assets import asset_directory
from local.errors import LocalError

INLINE = {"ZipFile": "def handler(event, context): return 'é'\n"}
ZIPPED = {"S3Key": "code.zip"}


@pytest.fixture(autouse=True)
def unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "unpacked"
    monkeypatch.setattr(code_assets, "UNPACKED_ASSETS", directory)
    return directory


@pytest.fixture
def stack(tmp_path: Path) -> StackArtifact:
    archive = tmp_path / "code.zip"
    archive.write_bytes(zipped(index="value = 1", other="value = 2"))
    return StackArtifact("S", "S", tmp_path, {}, {"code.zip": archive})


def zipped(**modules: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, source in modules.items():
            archive.writestr(f"{name}.py", source)
    return content.getvalue()


def sources(directory: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in directory.iterdir()}


@pytest.mark.parametrize("location", [INLINE, ZIPPED])
def test_what_is_unpacked_is_not_written_again(
    stack: StackArtifact, location: dict[str, Any], unpacked: Path
) -> None:
    first = asset_directory(stack, location)
    for file in first.iterdir():
        os.utime(file, (1, 1))

    assert asset_directory(stack, location) == first
    assert {file.stat().st_mtime for file in first.iterdir()} == {1}
    assert list(unpacked.iterdir()) == [first]


def test_inline_code_is_the_module_index(stack: StackArtifact) -> None:
    assert sources(asset_directory(stack, INLINE)) == {"index.py": INLINE["ZipFile"]}


def test_a_zip_of_the_same_name_and_another_content_is_unpacked_anew(stack: StackArtifact) -> None:
    first = asset_directory(stack, ZIPPED)
    stack.assets["code.zip"].write_bytes(zipped(index="value = 3"))

    assert sources(asset_directory(stack, ZIPPED)) == {"index.py": "value = 3"}
    assert sources(first) == {"index.py": "value = 1", "other.py": "value = 2"}


@pytest.mark.parametrize("location", [INLINE, ZIPPED])
def test_what_another_version_of_the_code_has_unpacked_is_not_used(
    stack: StackArtifact, location: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    older = asset_directory(stack, location)
    expected = sources(older)
    (older / "index.py").write_text("wrong")
    monkeypatch.setattr(code_assets, "UNPACKING_VERSION", code_assets.UNPACKING_VERSION + 1)

    assert sources(asset_directory(stack, location)) == expected


def test_an_unpacking_that_is_broken_off_leaves_nothing(
    stack: StackArtifact, unpacked: Path
) -> None:
    extract = zipfile.ZipFile.extract

    def extract_one(archive: zipfile.ZipFile, member: zipfile.ZipInfo, directory: Path) -> None:
        extract(archive, member, directory)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zipfile.ZipFile, "extract", extract_one)
        with pytest.raises(KeyboardInterrupt):
            asset_directory(stack, ZIPPED)
        assert list(unpacked.iterdir()) == []

    assert sources(asset_directory(stack, ZIPPED)) == {
        "index.py": "value = 1",
        "other.py": "value = 2",
    }


def test_two_that_unpack_at_once_get_the_same_directory(
    stack: StackArtifact, unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename, both = Path.rename, Barrier(2, timeout=10)

    def rename_with_the_other(path: Path, target: Path) -> Path:
        both.wait()
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", rename_with_the_other)
    directories: list[Path] = []
    threads = [
        Thread(target=lambda: directories.append(asset_directory(stack, ZIPPED))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert len(directories) == 2
    assert directories[0] == directories[1]
    assert list(unpacked.iterdir()) == [directories[0]]


def test_a_broken_zip_is_named(stack: StackArtifact, unpacked: Path) -> None:
    stack.assets["code.zip"].write_bytes(b"no zip")

    with pytest.raises(
        LocalError, match=r"^the asset code\.zip cannot be unpacked: File is not a zip file$"
    ):
        asset_directory(stack, ZIPPED)
    assert list(unpacked.iterdir()) == []


def test_a_program_in_a_zip_may_be_run(stack: StackArtifact) -> None:
    with zipfile.ZipFile(stack.assets["code.zip"], "a") as archive:
        program = zipfile.ZipInfo("bin/tool")
        program.external_attr = 0o755 << 16
        archive.writestr(program, "#!/bin/sh")
    directory = asset_directory(stack, ZIPPED)

    assert os.access(directory / "bin" / "tool", os.X_OK)
    assert (directory / "index.py").stat().st_mode & 0o111 == 0


def add_links(archive: Path, **targets: str) -> None:
    with zipfile.ZipFile(archive, "a") as written:
        for name, target in targets.items():
            link = zipfile.ZipInfo(name)
            link.create_system = 3
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            written.writestr(link, target)


def test_a_link_in_a_zip_is_a_link(stack: StackArtifact) -> None:
    targets = {"alias": "index.py", "chained": "alias", "dangling": "nothing"}
    add_links(stack.assets["code.zip"], **targets)
    directory = asset_directory(stack, ZIPPED)

    assert {name: str((directory / name).readlink()) for name in targets} == targets
    assert (directory / "chained").read_text() == "value = 1"


@pytest.mark.parametrize(
    ("links", "refused"),
    [
        ({"absolute": "/etc/hosts"}, "absolute leads out of it, to /etc/hosts"),
        ({"relative": "../x"}, "relative leads out of it, to ../x"),
        # By its text, the target is the directory itself.
        ({"a": "b/b/../..", "b": "."}, "a leads out of it, to b/b/../.."),
        ({"around": "around"}, "around leads in a circle, to around"),
        ({"around": "around/x"}, "around leads in a circle, to around/x"),
        ({"a": "b", "b": "a"}, "a leads in a circle, to b"),
        ({"nul": "a\0b"}, "nul: its target has a NUL character"),
        ({"empty": ""}, "empty: No such file or directory"),
        ({"directory/": "x"}, "directory: Is a directory"),
    ],
)
def test_a_link_that_leads_nowhere_in_its_zip_is_refused(
    stack: StackArtifact, unpacked: Path, links: dict[str, str], refused: str
) -> None:
    add_links(stack.assets["code.zip"], **links)

    with pytest.raises(LocalError) as raised:
        asset_directory(stack, ZIPPED)
    assert str(raised.value) == f"the asset code.zip cannot be unpacked: the link {refused}"
    assert list(unpacked.iterdir()) == []


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("is_first", [True, False])
def test_a_link_with_the_name_of_another_member_is_refused(
    stack: StackArtifact, is_first: bool
) -> None:
    if is_first:
        add_links(stack.assets["code.zip"], twice="index.py")
    with zipfile.ZipFile(stack.assets["code.zip"], "a") as written:
        written.writestr("twice", "other.py")
    if not is_first:
        add_links(stack.assets["code.zip"], twice="index.py")

    refused = r"unpacked: the link twice has the name of another member$"
    with pytest.raises(LocalError, match=refused):
        asset_directory(stack, ZIPPED)


def test_nothing_is_written_through_a_link(stack: StackArtifact, tmp_path: Path) -> None:
    add_links(stack.assets["code.zip"], outside=str(tmp_path))
    with zipfile.ZipFile(stack.assets["code.zip"], "a") as written:
        written.writestr("outside/written", "")

    refused = r"the member outside/written: [\w ]+"
    with pytest.raises(LocalError, match=rf"^the asset code\.zip cannot be unpacked: {refused}$"):
        asset_directory(stack, ZIPPED)
    assert not (tmp_path / "written").exists()


def test_a_zip_with_damaged_data_is_named(stack: StackArtifact, unpacked: Path) -> None:
    archive = stack.assets["code.zip"]
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("index.py", "value = 1\n" * 100)
    damaged = bytearray(archive.read_bytes())
    damaged[40:44] = b"\xff\xff\xff\xff"
    archive.write_bytes(damaged)

    with pytest.raises(LocalError, match=r"be unpacked: the member index\.py: .+"):
        asset_directory(stack, ZIPPED)
    assert list(unpacked.iterdir()) == []
