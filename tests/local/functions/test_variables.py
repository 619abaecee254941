# SPDX-License-Identifier: MIT-0
"""The environment variables of a function, from the template to the handler."""

import json
from pathlib import Path

from ...support.hand_made import function, role, write_assembly
from ...support.scenario import deployed

CODE = "import os\ndef handler(event, context): return [os.environ[name] for name in event]"


def test_a_variable_that_is_a_number_or_a_boolean_is_text(tmp_path: Path) -> None:
    variables = {"TEXT": "5", "NUMBER": 5, "FRACTION": 0.5, "FLAG": True}
    resources = {
        "FunctionRole": role("lambda.amazonaws.com"),
        "Plain": function(CODE, FunctionName="plain", Environment={"Variables": variables}),
    }
    with deployed(write_assembly(tmp_path, {"Small": {"Resources": resources}})) as scenario:
        answer = scenario.lambda_.invoke(FunctionName="plain", Payload=json.dumps([*variables]))

    assert json.load(answer["Payload"]) == ["5", "5", "0.5", "true"]
