# SPDX-License-Identifier: MIT-0
"""The variant of the asynchronous state that starts a durable execution by name, and so once."""

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from .durable_function import DurableFunction

# Of the execution and the state, whatever their names are: the same in each delivery, in each retry
# and in each redrive. The time tells executions apart that get one name, months apart.
_KEY = (
    "$substring($hash($states.context.Execution.Id & '/' & $states.context.Execution.StartTime"
    " & '/' & $states.context.State.Name, 'SHA-256'), 0, 32)"
)
# At most 64 letters, digits, hyphens and underscores; an execution's name may be longer and have
# other characters. A redrive needs another name: by the same one it would find the durable
# execution that has failed.
_NAME = (
    "$substring($replace($states.context.Execution.Name, /[^A-Za-z0-9_-]/, '-'), 0, 24)"
    f" & '-' & $string($states.context.Execution.RedriveCount) & '-' & {_KEY}"
)


def start_once_state(
    scope: Construct, construct_id: str, function: DurableFunction, heartbeat: sfn.Timeout
) -> tasks.CallAwsService:
    """Start the function by a name of the task, then wait until it calls back.

    Step Functions' own integration of Lambda takes no name, that of the SDK does.
    """
    return tasks.CallAwsService.jsonata(
        scope,
        construct_id,
        service="lambda",
        action="invoke",
        iam_action="lambda:InvokeFunction",
        iam_resources=[function.version.function_arn],
        integration_pattern=sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
        parameters={
            "FunctionName": function.version.function_arn,
            "InvocationType": "Event",
            "DurableExecutionName": f"{{% {_NAME} %}}",
            "Payload": {
                "TaskToken": "{% $states.context.Task.Token %}",
                "minutes_to_wait": "{% $states.input.minutes_to_wait %}",
                "order_key": f"{{% {_KEY} %}}",
            },
        },
        heartbeat_timeout=heartbeat,
        outputs="{% $states.result %}",
    )


def retry_unanswered(state: sfn.TaskStateBase) -> sfn.TaskStateBase:
    """Retry an invocation of which nobody knows whether it has started the durable execution.

    If it has not, the retry starts it. If it has, Lambda refuses the name, because the payload has
    a new task token: the state fails, and the durable execution finds its own task closed.
    """
    state.add_retry(
        errors=["Lambda.ServiceException", "Lambda.SdkClientException"],
        interval=Duration.seconds(5),
        max_attempts=6,
        max_delay=Duration.minutes(1),
        jitter_strategy=sfn.JitterType.FULL,
    )
    return state
