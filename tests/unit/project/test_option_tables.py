# SPDX-License-Identifier: MIT-0
"""The tables of options in docs/ name the options that the programs have, and no others."""

import argparse
import re

import pytest

from inspect_execution.command_line import arguments as inspection
from local.commands import arguments as local

from ...support.project import readme

Options = dict[str, str]


def parsers() -> dict[str, argparse.ArgumentParser]:
    """The parsers with options, by what their tables call them."""
    whole = local.argument_parser()
    [commands] = [each for each in whole._actions if isinstance(each.choices, dict)]
    assert isinstance(commands.choices, dict)
    found = {f"local {name}": each for name, each in commands.choices.items()}
    return {**found, "inspect_execution": inspection.argument_parser()}


def options(parser: argparse.ArgumentParser) -> Options:
    """The options of a parser, each with the name of its value."""
    named = [each for each in parser._actions if each.option_strings and each.dest != "help"]
    return {
        each.option_strings[0]: "" if each.nargs == 0 else str(each.metavar or each.dest.upper())
        for each in named
    }


def tables() -> dict[str, Options]:
    """The options of each table, with the names of their values."""
    found = {}
    for title, rows in re.findall(
        r"^\| option of `(.+)` \| effect \|\n\| --- \| --- \|\n((?:\|.*\n)+)", readme.TEXT, re.M
    ):
        cells = " ".join(re.split(r" (?<!\\)\| ", row)[0] for row in rows.splitlines())
        named = re.findall(r"`(--[\w-]+) ?([^`]*)`", cells)
        found[title] = {option: value.replace("\\", "") for option, value in named}
    return found


def test_every_program_with_options_has_its_table() -> None:
    assert tables().keys() == parsers().keys()


@pytest.mark.parametrize("program", parsers())
def test_a_table_names_the_options_that_there_are(program: str) -> None:
    assert tables()[program] == options(parsers()[program])
