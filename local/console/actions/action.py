# SPDX-License-Identifier: MIT-0
"""An action: its question, the fields of its form, and its AWS CLI command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..commands import ShownCommand
from ..rendering import link

# What the form of an action was filled in with, by the names of its fields.
Given = Mapping[str, str]


def filled(**given: str) -> dict[str, str]:
    """What of a form is filled in: a field that is left empty says nothing."""
    return {name: text for name, text in given.items() if text}


def error_of_form(given: Given) -> dict[str, dict[str, str]]:
    """The Error of a call of Lambda's durable API, if the form has any of it."""
    error = filled(ErrorType=given["error"], ErrorMessage=given["cause"])
    return {"Error": error} if error else {}


@dataclass(frozen=True)
class Field:
    """A field of the form.

    Args:
        is_json: whether it is checked as JSON while it is typed
    """

    name: str
    label: str
    value: str = ""
    is_json: bool = False


@dataclass(frozen=True)
class Action:
    """Something that can be done now.

    Args:
        key: the name of the action, unique among those of one execution
        label: what a button says
        question: what happens when it is done
        command: the AWS CLI's; of credentials it has placeholders
        act: does it, and may raise ClientError
        is_destructive: whether it ends or removes something
        leads_to: where a browser goes afterwards, if not back to the execution
    """

    key: str
    label: str
    question: str
    command: ShownCommand
    act: Callable[[Given], object]
    fields: tuple[Field, ...] = ()
    is_destructive: bool = False
    leads_to: str = ""


@dataclass(frozen=True)
class Offer:
    """An action as the page of an execution offers it: a label and an address."""

    label: str
    address: str

    @classmethod
    def of(cls, action: Action, arn: str) -> "Offer":
        return cls(action.label, link("/act", arn=arn, action=action.key))
