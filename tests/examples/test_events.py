# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/iam/events_member.yml and events_hub.yml: which events get from an account into which queue of the hub.

Both are deployed with moto's CloudFormation; moto's EventBridge and SQS carry the events.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.testing import OWNER, Emulator

from .policies import allowed_by
from .templates import deploy, resources, roles

HUB, MEMBER = OWNER, "444455556666"
HUB_REGION = "eu-west-1"
ORGANIZATION = "o-abcdefghij"
EVENTS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in (Path(__file__).parent / "events").glob("*.json")
}
WORKLOADS, ACCOUNTS = "wellarchitected-sharing-workloads", "wellarchitected-sharing-accounts"
ARRIVE = {
    "workload_created": WORKLOADS,
    "workload_created_workload_id": WORKLOADS,
    "account_created": ACCOUNTS,
    "account_enrolled": ACCOUNTS,
    "account_joined": ACCOUNTS,
    "invitation_accepted": ACCOUNTS,
}
# moto's CloudFormation has no such resources; their text is judged below.
pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS..(Events..EventBusPolicy|SQS..QueuePolicy)")


def send(emulator: Emulator, sent: dict[str, Any], account: str, region: str, bus: str = "default") -> None:
    entry = {"Source": sent["source"], "DetailType": sent["detail-type"], "Detail": json.dumps(sent["detail"])}
    emulator.client("events", account, region).put_events(Entries=[{**entry, "EventBusName": bus}])


def arrived(emulator: Emulator) -> dict[str, list[Any]]:
    """What is in the hub's queues, which are empty afterwards: the details of events by the queue's name."""
    client = emulator.client("sqs", HUB, HUB_REGION)
    found: dict[str, list[Any]] = {}
    for url in client.list_queues()["QueueUrls"]:
        for message in client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            found.setdefault(url.rpartition("/")[2], []).append(json.loads(message["Body"])["detail"])
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


@pytest.fixture
def hub(emulator: Emulator) -> dict[str, str]:
    """The hub's stack: its outputs."""
    return deploy(emulator, "events_hub", HUB, HUB_REGION, OrganizationId=ORGANIZATION)


@pytest.mark.parametrize(
    ("sends", "arrive"),
    [
        ("both", ARRIVE),
        ("workloads", {name: queue for name, queue in ARRIVE.items() if queue == WORKLOADS}),
        ("accounts", {name: queue for name, queue in ARRIVE.items() if queue == ACCOUNTS}),
    ],
)
def test_events_of_an_account_are_in_the_hubs_queue_for_them(
    emulator: Emulator, hub: dict[str, str], sends: str, arrive: dict[str, str]
) -> None:
    deploy(emulator, "events_member", MEMBER, "us-west-2", HubBusArn=hub["BusArn"], Events=sends)
    for name, sent in EVENTS.items():
        send(emulator, sent, MEMBER, "us-west-2")
        expected = {arrive[name]: [sent["detail"]]} if name in arrive else {}
        assert arrived(emulator) == expected, name


def test_outputs_name_the_queues(hub: dict[str, str]) -> None:
    assert (hub["WorkloadQueueName"], hub["AccountQueueName"]) == (WORKLOADS, ACCOUNTS)


def other_events(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The event with one thing that tells what it is about changed, each in turn."""
    for key in ("source", "detail-type"):
        yield key, {**EVENTS[name], key: "other"}
    for key in ("eventSource", "eventName"):
        yield key, {**EVENTS[name], "detail": {**EVENTS[name]["detail"], key: "other"}}


@pytest.mark.parametrize("name", sorted(ARRIVE))
def test_other_events_on_the_hubs_bus_are_not(emulator: Emulator, hub: dict[str, str], name: str) -> None:
    """The hub does not rely on what accounts choose to send."""
    for changed, sent in other_events(name):
        send(emulator, sent, HUB, HUB_REGION, hub["BusArn"])
        assert arrived(emulator) == {}, changed
    send(emulator, EVENTS[name], HUB, HUB_REGION, hub["BusArn"])
    assert arrived(emulator) == {ARRIVE[name]: [EVENTS[name]["detail"]]}


def test_accounts_send_what_the_hub_takes() -> None:
    sent, taken = (
        {key: rule["EventPattern"] for key, rule in resources(name, "AWS::Events::Rule").items()}
        for name in ("events_member", "events_hub")
    )
    assert sent == taken


# Who may


def test_the_bus_takes_events_of_the_organization_only() -> None:
    (policy,) = resources("events_hub", "AWS::Events::EventBusPolicy").values()
    statement = copy.deepcopy(policy["Statement"])
    assert statement == {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "events:PutEvents",
        "Resource": {"Fn::GetAtt": ["Bus", "Arn"]},
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": {"Ref": "OrganizationId"}}},
    }


def test_eventbridge_sends_with_a_role_that_may_do_nothing_else(emulator: Emulator, hub: dict[str, str]) -> None:
    deploy(emulator, "events_member", MEMBER, "us-west-2", HubBusArn=hub["BusArn"], Events="both")
    [role] = list(roles(emulator, MEMBER).values())
    assert allowed_by(*role["Policies"]) == {("events:PutEvents", hub["BusArn"])}
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert (trust["Principal"], trust["Action"]) == ({"Service": "events.amazonaws.com"}, "sts:AssumeRole")
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": MEMBER}}


def test_every_rule_of_an_account_uses_that_role() -> None:
    targets = [
        target for rule in resources("events_member", "AWS::Events::Rule").values() for target in rule["Targets"]
    ]
    assert [target["RoleArn"] for target in targets] == [{"Fn::GetAtt": ["SendToHub", "Arn"]}] * 4


def test_stacks_in_many_regions_do_not_share_a_name(emulator: Emulator, hub: dict[str, str]) -> None:
    """IAM is one for all regions."""
    for region in ("us-east-1", "us-west-2"):
        deploy(emulator, "events_member", MEMBER, region, HubBusArn=hub["BusArn"])
    assert len(roles(emulator, MEMBER)) == 2


def named(function: dict[str, Any]) -> str:
    """The logical ID that Ref or Fn::GetAtt is about."""
    (found,) = function.values()
    return found if isinstance(found, str) else found[0]


def queues_of_rules() -> dict[str, set[str]]:
    """The rules that send to each queue, by what is in the rules: {queue: {rule, ...}}."""
    found: dict[str, set[str]] = {}
    for rule, properties in resources("events_hub", "AWS::Events::Rule").items():
        for target in properties["Targets"]:
            for arn in (target["Arn"], target["DeadLetterConfig"]["Arn"]):
                found.setdefault(named(arn), set()).add(rule)
    return found


def test_each_queue_takes_the_events_of_its_rules_only() -> None:
    allowed: dict[str, set[str]] = {}
    for policy in resources("events_hub", "AWS::SQS::QueuePolicy").values():
        (queue,) = policy["Queues"]
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Action"]) == ("Allow", "sqs:SendMessage")
        assert statement["Principal"] == {"Service": "events.amazonaws.com"}
        assert named(statement["Resource"]) == named(queue)
        sources = statement["Condition"]["ArnEquals"]["aws:SourceArn"]
        allowed[named(queue)] = {named(arn) for arn in (sources if isinstance(sources, list) else [sources])}
    assert allowed == queues_of_rules()
    assert set(allowed) == set(resources("events_hub", "AWS::SQS::Queue"))


def test_no_event_gets_lost_in_a_queue() -> None:
    """All of them keep it for 14 days; what is never deleted gets to the dead letters, which have no such queue."""
    queues = resources("events_hub", "AWS::SQS::Queue")
    assert {queue["MessageRetentionPeriod"] for queue in queues.values()} == {14 * 24 * 3600}
    dead = {
        key: named(queue["RedrivePolicy"]["deadLetterTargetArn"])
        for key, queue in queues.items()
        if "RedrivePolicy" in queue
    }
    assert dead == {"WorkloadQueue": "DeadLetterQueue", "AccountQueue": "DeadLetterQueue"}


def test_the_rulebooks_policy_has_what_their_event_source_calls(emulator: Emulator, hub: dict[str, str]) -> None:
    """What extensions/eda/plugins/event_source/aws_sqs_queue.py of amazon.aws calls."""
    client = emulator.client("iam", HUB)
    version = client.get_policy_version(PolicyArn=hub["ReadQueuesPolicy"], VersionId="v1")["PolicyVersion"]
    queues = [f"arn:aws:sqs:{HUB_REGION}:{HUB}:{name}" for name in (WORKLOADS, ACCOUNTS)]
    actions = ("sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage")
    assert allowed_by(version["Document"]) == {(action, queue) for action in actions for queue in queues}
