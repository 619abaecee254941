# SPDX-License-Identifier: MIT-0
"""Only an execution's ARN is one, and every other is told why not."""

import pytest

from inspect_execution.errors import InvalidArgument
from inspect_execution.reading.execution_arn import ExecutionArn

MACHINE = "arn:aws:states:eu-west-1:123456789012"


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_an_executions_arn_says_where_it_is(partition: str) -> None:
    text = f"arn:{partition}:states:eu-west-1:123456789012:execution:machine:run-1"
    arn = ExecutionArn.parse(text)

    assert (arn.text, arn.region, arn.state_machine, arn.name) == (
        text,
        "eu-west-1",
        "machine",
        "run-1",
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "^ARN must be an execution's, .*, got an empty text$"),
        ("run-1", "^ARN must be an execution's, .*, got run-1$"),
        (
            f"{MACHINE}:stateMachine:machine",
            "^--failed or --waiting says which of its executions: ",
        ),
        (f"{MACHINE}:execution:machine", "got one of states:execution: "),
        (f"{MACHINE}:express:machine:run:id", "keeps no history of an express execution"),
        (
            "arn:aws:lambda:eu-west-1:123456789012:function:f",
            "a durable execution's, VERSION-ARN/durable-execution/NAME/ID, got one of lambda: ",
        ),
        (
            "arn:aws:lambda:eu-west-1:123456789012:function:f:7",
            "^ARN must be .*, got one of lambda: ",
        ),
        ("arn:aws:s3:::bucket", "^ARN must be .*, got arn:aws:s3:::bucket$"),
        (f"{MACHINE}:activity:a", "^ARN must be .*, got one of states:activity: "),
        (f"{MACHINE}:execution:machine:run\n", r"got arn.*run\\u000a$"),
        (f"{MACHINE}:execution:machine:" + "x" * 9_000, r"… \(9,0\d\d characters\)$"),
        ("\x1b[31mred", r"got \\u001b\[31mred$"),
    ],
)
def test_anything_else_is_refused_in_one_line(text: str, why: str) -> None:
    with pytest.raises(InvalidArgument, match=why) as refusal:
        ExecutionArn.parse(text)

    assert len(str(refusal.value).splitlines()) == 1
    assert len(str(refusal.value)) < 400
