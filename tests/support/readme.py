# SPDX-License-Identifier: MIT-0
"""The README as its tests read it: sections, blocks, and the commands that a reader may paste."""

import re

from local.environment import PROJECT

TEXT = (PROJECT / "README.md").read_text()
# The command line that fits the pinned library: the one place but the texts.
CDK = "npx --yes aws-cdk@2.1148.1 "
_FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"(make|npx|python3|source|\.venv/bin/python) \S")


def section(title: str) -> str:
    """The text below a heading, to the next one that is as high."""
    [(hashes, below)] = re.findall(rf"^(#+) {re.escape(title)}\n(.*)", TEXT, re.M | re.S)
    return re.split(rf"^#{{1,{len(hashes)}}} ", below, maxsplit=1, flags=re.M)[0]


def blocks(text: str = TEXT, language: str = "") -> list[str]:
    """The fenced blocks in that language, by default those in none: commands and output."""
    return [block for named, block in _FENCED.findall(text) if named == language]


def commands() -> list[str]:
    """Every command, in a block or in a sentence, once, in the order of the text."""
    in_blocks = [line.strip() for block in blocks() for line in block.splitlines()]
    in_sentences = re.findall(r"`([^`\n]+)`", _FENCED.sub("", TEXT))
    found = [each for each in [*in_blocks, *in_sentences] if _COMMAND.match(each)]
    return list(dict.fromkeys(found))
