# SPDX-License-Identifier: MIT-0
"""Zips of code: their files, with the permissions of programs, and their links."""

import errno
import io
import os
import stat
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


def extract(content: bytes, directory: Path) -> None:
    """Extract a zip into an empty directory.

    Raises:
        BadZipFile: a member cannot be extracted, or a link leads nowhere within the directory
    """
    members: Counter[Path] = Counter()
    links: set[Path] = set()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            with _naming(f"the member {member.filename}"):
                extracted = _extracted(archive, member, directory)
            members[extracted] += 1
            if stat.S_ISLNK(_mode(member)):
                links.add(extracted)
    for link in sorted(links):
        # It holds what the last of them has, which need not be a target.
        if members[link] > 1:
            where = link.relative_to(directory)
            raise zipfile.BadZipFile(f"the link {where} has the name of another member")
    _make_links(sorted(links), directory)


def _extracted(archive: zipfile.ZipFile, member: zipfile.ZipInfo, directory: Path) -> Path:
    extracted = Path(archive.extract(member, directory))
    mode = _mode(member)
    # Python restores no permissions; a program needs its own.
    if stat.S_IXUSR & mode and not (member.is_dir() or stat.S_ISLNK(mode)):
        extracted.chmod(extracted.stat().st_mode | 0o111)
    return extracted


def _mode(member: zipfile.ZipInfo) -> int:
    return member.external_attr >> 16


def _make_links(links: Sequence[Path], directory: Path) -> None:
    """Make links of the files that have their targets in them.

    Raises:
        BadZipFile: one leads in a circle or out of the directory
    """
    # Only once all is extracted: nothing is written through a link.
    for link in links:
        with _naming(f"the link {link.relative_to(directory)}"):
            target = os.fsdecode(link.read_bytes())
            if "\0" in target:
                raise ValueError("its target has a NUL character")
            link.unlink()
            link.symlink_to(target)
    root = directory.resolve()
    # Only once all are made: a link may lead through others.
    for link in links:
        where = f"the link {link.relative_to(directory)}"
        if _is_circle(link):
            raise zipfile.BadZipFile(f"{where} leads in a circle, to {link.readlink()}")
        # Path.resolve() refuses some circles, depending on Python's version.
        if not Path(os.path.realpath(link)).is_relative_to(root):
            raise zipfile.BadZipFile(f"{where} leads out of it, to {link.readlink()}")


def _is_circle(link: Path) -> bool:
    try:
        link.stat()
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


@contextmanager
def _naming(member: str) -> Iterator[None]:
    """Raise every error as a BadZipFile that names the member."""
    try:
        yield
    # The errors of the decompressors have no class in common.
    except Exception as error:
        # The whole text of an OSError has the path of a temporary directory.
        reason = error.strerror if isinstance(error, OSError) else None
        raise zipfile.BadZipFile(f"{member}: {reason or error}") from None
