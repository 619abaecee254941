# SPDX-License-Identifier: MIT-0
"""Small stacks of one state machine each, for what the project's own stack does not show."""

from .hand_made import Resources, function, role, state_machine

_TALKATIVE = """
import logging

def handler(event, context):
    print("printed", event)
    logging.getLogger().warning("logged %s", event["TaskToken"])
    raise KeyError("broken")
"""
# A handler that prints, logs its task token and fails.
TALK: Resources = {
    "MachineRole": role("states.amazonaws.com", "lambda:InvokeFunction"),
    "FunctionRole": role("lambda.amazonaws.com"),
    "Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/aws/lambda/talk"}},
    "Function": function(
        _TALKATIVE, FunctionName="talk", LoggingConfig={"LogGroup": {"Ref": "Log"}}
    ),
    "Machine": state_machine(
        {
            "StartAt": "Talk",
            "States": {
                "Talk": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
                    "Parameters": {
                        "FunctionName": {"Ref": "Function"},
                        "Payload": {"TaskToken.$": "$$.Task.Token"},
                    },
                    "End": True,
                }
            },
        }
    ),
}
LOOPS = 260
# An execution of more than 1,000 events.
LOOP: Resources = {
    "MachineRole": role("states.amazonaws.com", "lambda:InvokeFunction"),
    "Machine": state_machine(
        {
            "StartAt": "Zero",
            "States": {
                "Zero": {"Type": "Pass", "Result": {"n": 0}, "Next": "Add"},
                "Add": {
                    "Type": "Pass",
                    "Parameters": {"n.$": "States.MathAdd($.n, 1)"},
                    "Next": "More",
                },
                "More": {
                    "Type": "Choice",
                    "Choices": [{"Variable": "$.n", "NumericLessThan": LOOPS, "Next": "Add"}],
                    "Default": "Done",
                },
                "Done": {"Type": "Succeed"},
            },
        }
    ),
}
