# SPDX-License-Identifier: MIT-0
"""The shop's CDK app: what it keeps is one stack, what it does the other."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

HANDLERS = Path(__file__).with_name("handlers")


class Records(cdk.Stack):
    """The table, the queues, the topic, the bucket and the secret."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.orders = dynamodb.Table(
            self,
            "Orders",
            partition_key=dynamodb.Attribute(name="order_id", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        )
        self.packing = sqs.Queue(
            self,
            "Packing",
            dead_letter_queue=sqs.DeadLetterQueue(
                max_receive_count=3, queue=sqs.Queue(self, "Unpacked")
            ),
        )
        self.notices = sns.Topic(self, "Notices")
        self.outbox = sqs.Queue(self, "Outbox")
        self.notices.add_subscription(
            subscriptions.SqsSubscription(self.outbox, raw_message_delivery=True)
        )
        self.receipts = s3.Bucket(self, "Receipts")
        self.bank = secretsmanager.Secret(self, "Bank")
        cdk.CfnOutput(self, "OutboxUrl", value=self.outbox.queue_url)
        cdk.CfnOutput(self, "ReceiptsBucket", value=self.receipts.bucket_name)
        cdk.CfnOutput(self, "OrdersTable", value=self.orders.table_name)


class Work(cdk.Stack):
    """The functions and the state machines."""

    def __init__(self, scope: Construct, construct_id: str, records: Records) -> None:
        super().__init__(scope, construct_id)
        self._records = records
        pack = self._function("Pack", "pack", RECEIPTS_BUCKET=records.receipts.bucket_name)
        records.receipts.grant_put(pack)
        pack.add_event_source(event_sources.SqsEventSource(records.packing, batch_size=5))
        deliver = self._function("DeliverFunction", "deliver", durable_hours=3)
        delivery = self._machine("delivery", self._deliver(deliver))
        self._allow_callback(deliver, delivery)
        self._machine("orders", self._order(delivery))
        self._machine("packing", self._send_to_packing(), sfn.QueryLanguage.JSON_PATH)

    def _function(
        self, construct_id: str, module: str, durable_hours: int = 0, **environment: str
    ) -> lambda_.Function:
        durable = lambda_.DurableConfig(execution_timeout=cdk.Duration.hours(durable_hours or 1))
        return lambda_.Function(
            self,
            construct_id,
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler=f"{module}.handler",
            code=lambda_.Code.from_asset(str(HANDLERS)),
            environment=environment,
            durable_config=durable if durable_hours else None,
        )

    def _machine(
        self,
        name: str,
        definition: sfn.IChainable,
        query_language: sfn.QueryLanguage = sfn.QueryLanguage.JSONATA,
    ) -> sfn.StateMachine:
        return sfn.StateMachine(
            self,
            name.capitalize(),
            state_machine_name=name,
            query_language=query_language,
            definition_body=sfn.DefinitionBody.from_chainable(definition),
        )

    def _order(self, delivery: sfn.StateMachine) -> sfn.IChainable:
        total = "{% $sum($states.result.price) %}"
        priced = sfn.Map.jsonata(
            self,
            "Price each",
            items=sfn.ProvideItems.jsonata("{% $states.input.items %}"),
            assign={"order_id": "{% $states.context.Execution.Name %}", "total": total},
        ).item_processor(
            sfn.Pass.jsonata(
                self,
                "Price",
                outputs={
                    "sku": "{% $states.input.sku %}",
                    "price": "{% $states.input.quantity * $states.input.unit_price %}",
                },
            )
        )
        deliver = tasks.StepFunctionsStartExecution.jsonata(
            self,
            "Deliver",
            state_machine=delivery,
            integration_pattern=sfn.IntegrationPattern.RUN_JOB,
            input=sfn.TaskInput.from_object({"order_id": "{% $order_id %}"}),
            outputs={
                "order_id": "{% $order_id %}",
                "charged": "{% $charged %}",
                "delivery": "{% $states.result.Output %}",
            },
        )
        both = (
            sfn.Parallel.jsonata(
                self,
                "Charge and announce",
                outputs="{% $states.result[0] %}",
                assign={"charged": "{% $states.result[0].charged %}"},
            )
            .branch(self._charge())
            .branch(
                tasks.SnsPublish.jsonata(
                    self,
                    "Announce",
                    topic=self._records.notices,
                    message=sfn.TaskInput.from_text("{% 'order ' & $order_id %}"),
                )
            )
        )
        both.add_catch(
            sfn.Pass.jsonata(
                self,
                "Keep the goods",
                outputs={
                    "order_id": "{% $order_id %}",
                    "reason": "{% $parse($states.input.Cause).errorMessage %}",
                },
            ),
            errors=["PaymentDeclined"],
        )
        rest = sfn.Wait.jsonata(
            self, "Let the bank work", time=sfn.WaitTime.duration(cdk.Duration.minutes(5))
        )
        work = priced.next(both).next(rest).next(deliver)
        return (
            sfn.Choice.jsonata(self, "Anything ordered?")
            .when(sfn.Condition.jsonata("{% $count($states.input.items) > 0 %}"), work)
            .otherwise(
                sfn.Fail.jsonata(self, "Empty", error="EmptyOrder", cause="no item was ordered")
            )
        )

    def _charge(self) -> sfn.IChainable:
        records = self._records
        charge = self._function(
            "Charge",
            "charge",
            ORDERS_TABLE=records.orders.table_name,
            BANK_SECRET=records.bank.secret_arn,
        )
        records.orders.grant(charge, "dynamodb:PutItem")
        records.bank.grant_read(charge)
        alias = lambda_.Alias(self, "Live", alias_name="live", version=charge.current_version)
        state = tasks.LambdaInvoke.jsonata(
            self,
            "Charge the card",
            lambda_function=alias,
            payload=sfn.TaskInput.from_object(
                {
                    "order_id": "{% $order_id %}",
                    "total": "{% $total %}",
                    "attempt": "{% $states.context.State.RetryCount %}",
                }
            ),
            outputs="{% $states.result.Payload %}",
            retry_on_service_exceptions=False,
        )
        state.add_retry(errors=["CardReaderBusy"], interval=cdk.Duration.minutes(1), max_attempts=2)
        return state

    def _deliver(self, deliver: lambda_.Function) -> sfn.IChainable:
        return tasks.LambdaInvoke.jsonata(
            self,
            "Deliver by van",
            lambda_function=deliver.current_version,
            integration_pattern=sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
            invocation_type=tasks.LambdaInvocationType.EVENT,
            payload=sfn.TaskInput.from_object(
                {
                    "TaskToken": "{% $states.context.Task.Token %}",
                    "order_id": "{% $states.input.order_id %}",
                }
            ),
            heartbeat_timeout=sfn.Timeout.duration(cdk.Duration.hours(3)),
            retry_on_service_exceptions=False,
        )

    def _allow_callback(self, deliver: lambda_.Function, delivery: sfn.StateMachine) -> None:
        assert deliver.role is not None
        statement = iam.PolicyStatement(
            actions=["states:SendTaskSuccess"], resources=[delivery.state_machine_arn]
        )
        iam.Policy(self, "Callback", roles=[deliver.role], statements=[statement])

    def _send_to_packing(self) -> sfn.IChainable:
        read = tasks.DynamoGetItem.json_path(
            self,
            "Read the order",
            table=self._records.orders,
            key={
                "order_id": tasks.DynamoAttributeValue.from_string(
                    sfn.JsonPath.string_at("$.order_id")
                )
            },
            result_selector={"order_id.$": "$.Item.order_id.S", "total.$": "$.Item.total.N"},
        )
        send = tasks.SqsSendMessage.json_path(
            self,
            "Queue it",
            queue=self._records.packing,
            message_body=sfn.TaskInput.from_json_path_at("$.order_id"),
            result_path="$.sent",
            output_path="$.total",
        )
        return sfn.Chain.start(read).next(send)


def build() -> cdk.App:
    app = cdk.App()
    Work(app, "ShopWork", Records(app, "ShopRecords"))
    return app


if __name__ == "__main__":
    build().synth()
