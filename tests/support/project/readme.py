# SPDX-License-Identifier: MIT-0
"""README, CONTRIBUTING and docs/ as their tests read them: sections, blocks and commands."""

import re

from local.environment import PROJECT

PAGES = {
    str(path.relative_to(PROJECT)): path.read_text()
    for path in (
        PROJECT / "README.md",
        PROJECT / "CONTRIBUTING.md",
        *sorted((PROJECT / "docs").glob("**/*.md")),
    )
}
TEXT = "\n".join(PAGES.values())
# The command line that fits the pinned library: the one place but the texts.
CDK = "npx --yes aws-cdk@2.1148.1 "
# What that says without an account.
NO_ACCOUNT = r"^Unable to resolve AWS account to use\."
# The steps to deploy, before it.
SETUP = (
    "python3 -m venv .venv",
    "source .venv/bin/activate",
    "python3 -m pip install -r requirements.txt",
)
_FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"(make|npx|python3|source|git|cd|\.venv/bin/[\w-]+) \S")
_AWS = re.compile(r"\baws (--endpoint-url \S+ )?[a-z]+ [a-z]")


def section(title: str) -> str:
    """The text below a heading of any page, up to the next heading that is as high."""
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


def aws_blocks() -> list[str]:
    """Every block that calls the AWS CLI."""
    return [block for block in blocks() if _AWS.search(block)]


def links(page: str) -> list[str]:
    """The targets of the page's links and pictures."""
    return re.findall(r"\]\(([^)\s]+)\)", _FENCED.sub("", PAGES[page]))


def anchors(page: str) -> set[str]:
    """The anchors that GitHub gives to the page's headings."""
    headings = re.findall(r"^#+ (.*)$", _FENCED.sub("", PAGES[page]), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
