# SPDX-License-Identifier: MIT-0
"""The CPU share of a memory size, set as either version of control groups has it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from benchmarks.cold_start import at_once
from benchmarks.instruments.cpu_quota import CpuGroups, joining, quota_microseconds


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory in the place of the kernel's, whose groups are removed with what is in them."""
    monkeypatch.setattr(Path, "rmdir", lambda group: shutil.rmtree(group))
    return tmp_path / "cgroup"


def own_groups(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("megabytes", "microseconds"),
    [(128, 7_236), (512, 28_943), (1024, 57_886), (1769, 100_000), (3538, 200_000)],
)
def test_a_memory_size_has_its_share_of_one_processor(megabytes: int, microseconds: int) -> None:
    assert quota_microseconds(megabytes) == microseconds


def test_version_1_takes_period_and_quota(root: Path, tmp_path: Path) -> None:
    (root / "cpu" / "mine").mkdir(parents=True)
    groups = CpuGroups.find(root, own_groups(tmp_path, "5:memory:/other\n3:cpu,cpuacct:/mine\n"))

    assert groups == CpuGroups(root / "cpu" / "mine", is_v2=False)
    with groups.limited(128) as members:
        assert (members.parent / "cpu.cfs_period_us").read_text() == "100000"
        assert (members.parent / "cpu.cfs_quota_us").read_text() == "7236"
    assert list((root / "cpu" / "mine").iterdir()) == []


def test_version_2_takes_both_in_one(root: Path, tmp_path: Path) -> None:
    (root / "mine").mkdir(parents=True)
    (root / "cgroup.controllers").write_text("cpu memory")
    groups = CpuGroups.find(root, own_groups(tmp_path, "0::/mine\n"))

    assert groups == CpuGroups(root / "mine", is_v2=True)
    with groups.limited(1024) as members:
        assert (members.parent / "cpu.max").read_text() == "57886 100000"


def test_a_group_that_takes_none_is_passed_over_for_the_one_above_it(
    root: Path, tmp_path: Path
) -> None:
    """In a container, the path of the own group need not be there at all."""
    root.mkdir()
    (root / "cgroup.controllers").write_text("cpu")

    groups = CpuGroups.find(root, own_groups(tmp_path, "0::/of/the/host\n"))

    assert groups == CpuGroups(root, is_v2=True)


@pytest.mark.parametrize("own", ["", "0::/\n", "4:memory:/\n", "1:cpu:/\n"])
def test_no_place_to_set_a_quota_is_none(root: Path, tmp_path: Path, own: str) -> None:
    """`0::/` is there on machines with version 1, too, where the root is no control group."""
    root.mkdir()

    assert CpuGroups.find(root, own_groups(tmp_path, own)) is None
    assert CpuGroups.find(root, tmp_path / "not-linux") is None


def test_a_process_joins_before_it_does_anything(tmp_path: Path) -> None:
    members = tmp_path / "cgroup.procs"
    command = joining(members, ["/bin/sh", "-c", 'echo "$$ $1"', "sh", "as it was"])

    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert printed == f"{members.read_text().strip()} as it was\n"


def test_a_process_that_may_not_join_does_not_run(tmp_path: Path) -> None:
    refused = joining(tmp_path / "nowhere" / "cgroup.procs", ["echo", "ran"])

    finished = subprocess.run(refused, capture_output=True, text=True)

    assert (finished.returncode != 0, finished.stdout) == (True, "")


@pytest.mark.parametrize(
    ("megabytes", "processors", "starts"),
    [(128, 2, 13), (512, 2, 3), (1024, 2, 1), (1769, 2, 1), (1769, 8, 4), (None, 8, 1)],
)
def test_starts_at_once_take_half_of_the_processors(
    megabytes: int | None, processors: int, starts: int
) -> None:
    assert at_once(megabytes, processors) == starts
