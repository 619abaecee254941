# SPDX-License-Identifier: MIT-0
"""Another CDK app: an ordinary function behind an alias, called by a JSONPath state machine."""

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks

GREET = """
def handler(event, context):
    if not event.get("name"):
        raise ValueError("nobody to greet")
    return {"greeting": f"Hello {event['name']}", "version": context.function_version}
"""


def build() -> cdk.App:
    app = cdk.App()
    stack = cdk.Stack(app, "Other")
    function = lambda_.Function(
        stack,
        "Greet",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.InlineCode(GREET),
    )
    alias = lambda_.Alias(stack, "Live", alias_name="live", version=function.current_version)
    greet = tasks.LambdaInvoke(
        stack, "Greet one", lambda_function=alias, output_path="$.Payload"
    ).add_catch(sfn.Pass(stack, "Sorry", result=sfn.Result.from_string("sorry")))
    each = sfn.Map(stack, "Greet all", items_path="$.names", item_selector={
        "name.$": "$$.Map.Item.Value",
    }).item_processor(greet)  # fmt: skip
    sfn.StateMachine(stack, "Machine", definition_body=sfn.DefinitionBody.from_chainable(each))
    return app


if __name__ == "__main__":
    build().synth()
