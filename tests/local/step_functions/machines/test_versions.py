# SPDX-License-Identifier: MIT-0
"""Versions and aliases of state machines."""

import pytest

from ....support.step_functions.bare_machines import BareMachines, definition, fields, refusal

PASS = {"A": {"Type": "Pass", "End": True}}
OTHER = {"B": {"Type": "Pass", "End": True}}


def test_a_version_runs_the_definition_that_was_published(bare_machines: BareMachines) -> None:
    client = bare_machines.step_functions
    arn = bare_machines.create(PASS, publish=True)
    client.update_state_machine(stateMachineArn=arn, definition=definition(OTHER))

    ended = bare_machines.start(f"{arn}:1", {"x": 1})

    assert (ended["stateMachineArn"], ended["stateMachineVersionArn"]) == (arn, f"{arn}:1")
    of = client.describe_state_machine_for_execution(executionArn=ended["executionArn"])
    assert (of["definition"], of["stateMachineArn"]) == (definition(PASS), arn)
    assert "revisionId" not in of
    [listed] = client.list_executions(stateMachineArn=f"{arn}:1")["executions"]
    assert listed["stateMachineVersionArn"] == f"{arn}:1"
    assert client.describe_state_machine(stateMachineArn=f"{arn}:1")["definition"] == definition(
        PASS
    )


def test_a_version_is_published_once_a_revision_and_its_number_never_again(
    bare_machines: BareMachines,
) -> None:
    client = bare_machines.step_functions
    arn = bare_machines.create(PASS)

    def publish(**parameters: str) -> str:
        published = client.publish_state_machine_version(stateMachineArn=arn, **parameters)
        return str(published["stateMachineVersionArn"])

    assert (publish(description="first"), publish()) == (f"{arn}:1", f"{arn}:1")
    client.delete_state_machine_version(stateMachineVersionArn=f"{arn}:1")
    assert publish() == f"{arn}:2"
    client.update_state_machine(stateMachineArn=arn, definition=definition(OTHER))
    assert publish() == f"{arn}:3"
    listed = client.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]
    assert [each["stateMachineVersionArn"] for each in listed] == [f"{arn}:3", f"{arn}:2"]
    code, message = refusal(
        client.publish_state_machine_version, stateMachineArn=arn, revisionId="other"
    )
    assert code == "ConflictException"
    assert message.startswith(
        "Failed to publish the State Machine version for revision other. The current State Machine "
        "revision is "
    )


def test_an_alias_starts_a_version_and_keeps_it_from_deletion(bare_machines: BareMachines) -> None:
    client = bare_machines.step_functions
    arn = bare_machines.create(PASS, publish=True)
    routing = [{"stateMachineVersionArn": f"{arn}:1", "weight": 100}]
    create = {"name": "live", "routingConfiguration": routing, "description": "d"}

    alias = client.create_state_machine_alias(**create)["stateMachineAliasArn"]

    assert alias == f"{arn}:live"
    assert client.create_state_machine_alias(**create)["stateMachineAliasArn"] == alias
    described = fields(client.describe_state_machine_alias(stateMachineAliasArn=alias))
    assert described.pop("creationDate") == described.pop("updateDate")
    assert described == {"stateMachineAliasArn": alias, **create}
    ended = bare_machines.start(alias)
    assert (ended["stateMachineVersionArn"], ended["stateMachineAliasArn"]) == (f"{arn}:1", alias)
    assert len(client.list_executions(stateMachineArn=alias)["executions"]) == 1
    assert refusal(client.delete_state_machine_version, stateMachineVersionArn=f"{arn}:1") == (
        "ConflictException",
        "Version to be deleted must not be referenced by an alias. Current list of aliases "
        "referencing this version: [live]",
    )
    client.delete_state_machine_alias(stateMachineAliasArn=alias)
    assert client.list_state_machine_aliases(stateMachineArn=arn)["stateMachineAliases"] == []
    assert refusal(client.describe_state_machine_alias, stateMachineAliasArn=alias) == (
        "ResourceNotFound",
        "Request references a resource that does not exist.",
    )


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ((99,), "Sum of routing configuration weights must equal 100. Received: [99]"),
        (
            (50, 50),
            "Routing configuration must contain distinct state machine version ARNs. "
            "Received: [{arn}:1, {arn}:1]",
        ),
    ],
)
def test_an_alias_with_an_unsound_routing_is_refused(
    bare_machines: BareMachines, weights: tuple[int, ...], message: str
) -> None:
    arn = bare_machines.create(PASS, publish=True)
    routing = [{"stateMachineVersionArn": f"{arn}:1", "weight": weight} for weight in weights]

    assert refusal(
        bare_machines.step_functions.create_state_machine_alias,
        name="a",
        routingConfiguration=routing,
    ) == ("ValidationException", message.format(arn=arn))
