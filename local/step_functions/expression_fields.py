# SPDX-License-Identifier: MIT-0
"""The fields of a state that hold expressions, named as the service names them: Output/v[1]."""

from collections.abc import Iterator
from typing import Any

from moto.stepfunctions.parser.asl.component.common.assign import (
    assign_decl,
    assign_template_value_array,
    assign_template_value_object,
)
from moto.stepfunctions.parser.asl.component.common.catch import catch_decl
from moto.stepfunctions.parser.asl.component.common.jsonata import (
    jsonata_template_value_array,
    jsonata_template_value_object,
)
from moto.stepfunctions.parser.asl.component.common.outputdecl import Output
from moto.stepfunctions.parser.asl.component.common.parargs import Parargs
from moto.stepfunctions.parser.asl.component.common.string.string_expression import StringJSONata
from moto.stepfunctions.parser.asl.component.common.timeouts.heartbeat import Heartbeat
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import Timeout
from moto.stepfunctions.parser.asl.component.component import Component
from moto.stepfunctions.parser.asl.component.state.choice.choices_decl import ChoicesDecl
from moto.stepfunctions.parser.asl.component.state.choice.comparison.comparison import Comparison
from moto.stepfunctions.parser.asl.component.state.exec.state_map import (
    item_selector,
    max_concurrency,
    tolerated_failure,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader import (
    item_reader_decl,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.reader_config import (
    max_items_decl,
    reader_config_decl,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.items.items import Items
from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer import (
    result_writer_decl,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.credentials import Credentials
from moto.stepfunctions.parser.asl.component.state.fail.cause_decl import CauseDecl
from moto.stepfunctions.parser.asl.component.state.fail.error_decl import ErrorDecl
from moto.stepfunctions.parser.asl.component.state.state import CommonStateField
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.seconds import SecondsJSONata
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.timestamp import Timestamp

# A component's part of the name, and the type that its expression must have; None is any.
_FIELDS: dict[type, tuple[str, str | None]] = {
    assign_decl.AssignDecl: ("Assign", None),
    Output: ("Output", None),
    Parargs: ("Arguments", None),
    Comparison: ("Condition", "boolean"),
    Timeout: ("TimeoutSeconds", "integer"),
    Heartbeat: ("HeartbeatSeconds", "integer"),
    SecondsJSONata: ("Seconds", "integer"),
    Timestamp: ("Timestamp", "string"),
    ErrorDecl: ("Error", "string"),
    CauseDecl: ("Cause", "string"),
    Credentials: ("Credentials/RoleArn", "string"),
    Items: ("Items", None),
    item_selector.ItemSelector: ("ItemSelector", None),
    item_reader_decl.ItemReader: ("ItemReader", None),
    reader_config_decl.ReaderConfig: ("ReaderConfig", None),
    max_items_decl.MaxItemsDecl: ("MaxItems", "integer"),
    result_writer_decl.ResultWriter: ("ResultWriter", None),
    max_concurrency.MaxConcurrencyDecl: ("MaxConcurrency", "integer"),
    tolerated_failure.ToleratedFailureCountDecl: ("ToleratedFailureCount", "integer"),
    tolerated_failure.ToleratedFailurePercentageDecl: ("ToleratedFailurePercentage", "number"),
}
_OBJECTS = (
    assign_template_value_object.AssignTemplateValueObject,
    jsonata_template_value_object.JSONataTemplateValueObject,
)
_ARRAYS = (
    assign_template_value_array.AssignTemplateValueArray,
    jsonata_template_value_array.JSONataTemplateValueArray,
)
ExpressionField = tuple[StringJSONata, str, str | None]


def expression_fields(state: CommonStateField) -> Iterator[ExpressionField]:
    """Each expression of a state, the name of its field, and the type that it must have.

    Those of the states inside of a Map or Parallel state are not among them.
    """
    for value in vars(state).values():
        yield from _fields(value, "", None)


def _fields(component: Any, path: str, expected: str | None) -> Iterator[ExpressionField]:
    if isinstance(component, StringJSONata):
        yield component, path, expected
        return
    if not isinstance(component, Component) or isinstance(component, CommonStateField):
        return
    for base, (name, type_name) in _FIELDS.items():
        if isinstance(component, base):
            path, expected = f"{path}/{name}" if path else name, type_name
            break
    for part, child in _children(component):
        yield from _fields(child, path + part, expected)


def _children(component: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(component, assign_decl.AssignDecl):
        for declared in component.declaration_bindings:
            yield f"/{declared.binding.identifier}", declared.binding
    elif isinstance(component, _OBJECTS):
        for binding in component.bindings:
            yield f"/{binding.identifier}", binding
    elif isinstance(component, _ARRAYS):
        for index, value in enumerate(component.values):
            yield f"[{index}]", value
    elif isinstance(component, ChoicesDecl):
        for index, rule in enumerate(component.rules):
            yield f"Choices[{index}]", rule
    elif isinstance(component, catch_decl.CatchDecl):
        for index, catcher in enumerate(component.catchers):
            yield f"Catch[{index}]", catcher
    else:
        for child in vars(component).values():
            yield "", child
