# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How AWS is known to behave, and that the endpoint behaves so: one row for each fact that it can show.

Strength: A is a recorded output or a test against AWS, B is AWS's own text. What is known and not shown here is listed
in the endpoint's README.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import Emulator
from botocore.exceptions import ClientError, ConnectionClosedError

from .scenes import (
    KINDS,
    OTHER,
    RECIPIENT,
    create,
    enable_organization_sharing,
    organization,
    refused,
    resources,
    share,
    shares,
    statuses,
)

OWNER = "123456789012"
WORKLOAD, LENS, TEMPLATE, PROFILE = KINDS.values()


@dataclass(frozen=True)
class Row:
    """A fact about AWS with its source, and a function that fails unless the endpoint agrees."""

    strength: str
    fact: str
    source: str
    shown_by: Callable[[Emulator], None]


EVIDENCE: list[Row] = []


def known(strength: str, source: str, fact: str) -> Callable[[Callable[[Emulator], None]], Callable[[Emulator], None]]:
    """Add the function to the table, as what shows `fact`."""

    def add(shown_by: Callable[[Emulator], None]) -> Callable[[Emulator], None]:
        EVIDENCE.append(Row(strength, fact, source, shown_by))
        return shown_by

    return add


def message(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return caught.value.response["Error"]["Message"]


# Recorded


#: the AWS SDK for Go writes an error as its code, a colon and its message
REFUSAL = (
    'ValidationException: [Validation] {"reason":"FIELD_VALIDATION_FAILED",'
    '"message":"[Validation] MaxResults must be between 1 and 10.",'
    r'"fields":"[{\"Name\":\"MaxResults\",\"Message\":\"MaxResults must be between 1 and 10.\"}]"}'
)


@known(
    "A",
    "turbot/steampipe-plugin-aws, aws/table_aws_wellarchitected_lens_share.go",
    f"`ListLensShares` refuses `MaxResults` above 10: `{REFUSAL}`",
)
def lens_shares_come_by_ten(emulator: Emulator) -> None:
    owner, lens = emulator.client(), create(emulator, LENS)
    for size in (11, 50):
        with refused(owner, "ValidationException") as caught:
            owner.list_lens_shares(LensAlias=lens, MaxResults=size)
        assert f"ValidationException: {message(caught)}" == REFUSAL
        assert not {"Reason", "Fields"} & set(caught.value.response)
    assert shares(owner, LENS, lens, MaxResults=10) == []


@known(
    "A",
    "turbot/steampipe-plugin-aws, aws/table_aws_wellarchitected_lens_share.go",
    "50 works for workload shares, lenses and invitations.",
)
def other_lists_come_by_fifty(emulator: Emulator) -> None:
    owner = emulator.client()
    assert shares(owner, WORKLOAD, create(emulator, WORKLOAD), MaxResults=50) == []
    assert owner.list_lenses(MaxResults=50)["LensSummaries"]
    assert owner.list_share_invitations(MaxResults=50)["ShareInvitationSummaries"] == []


@known(
    "A",
    "a public test log of 2026-09-26, us-east-1",
    "Sharing a workload with an IAM user of the owner's own account: `ValidationException: [Validation] "
    "The shared with user cannot belong to the sharer's account.`",
)
def the_owners_users_are_refused(emulator: Emulator) -> None:
    owner, workload = emulator.client(), create(emulator, WORKLOAD)
    with refused(owner, "ValidationException") as caught:
        share(owner, WORKLOAD, workload, f"arn:aws:iam::{OWNER}:user/colleague")
    assert message(caught) == "[Validation] The shared with user cannot belong to the sharer's account."


@known(
    "A",
    "steampipe-plugin-aws pull requests 1689, 1698",
    "ListLenses, AWS's lenses: LensArn `arn:aws:wellarchitected::aws:lens/wellarchitected`, LensAlias "
    "`wellarchitected` (newer ones: the ARN), LensStatus `PUBLISHED`, Owner `AWS`.",
)
def official_lenses_are_owned_by_aws(emulator: Emulator) -> None:
    lenses = {one["LensArn"]: one for one in emulator.client().list_lenses(LensType="AWS_OFFICIAL")["LensSummaries"]}
    framework = lenses["arn:aws:wellarchitected::aws:lens/wellarchitected"]
    assert framework["LensAlias"] == "wellarchitected"
    assert {(one["LensStatus"], one["Owner"]) for one in lenses.values()} == {("PUBLISHED", "AWS")}
    assert any(one["LensAlias"] == arn for arn, one in lenses.items())


@known(
    "A",
    "steampipe-plugin-aws pull requests 1689, 1698",
    "Custom lenses: no LensAlias, LensStatus `PUBLISHED`, Owner 12 digits",
)
def custom_lenses_have_no_alias(emulator: Emulator) -> None:
    lens = create(emulator, LENS)
    (listed,) = emulator.client().list_lenses(LensType="CUSTOM_SELF")["LensSummaries"]
    assert "LensAlias" not in listed
    assert (listed["LensArn"], listed["LensStatus"], listed["Owner"]) == (lens, "PUBLISHED", OWNER)


GATES = "awslabs/operational-readiness-review-custom-war-lens, docs/gates.md"


@known("A", GATES, "Drafts are listed with LensStatus DRAFT and ALL, not with PUBLISHED.")
def drafts_are_listed_as_drafts(emulator: Emulator) -> None:
    draft = emulator.create_lens("a draft", publish=False)["id"]
    found = {status: resources(emulator.client(), LENS, LensStatus=status) for status in ("DRAFT", "ALL", "PUBLISHED")}
    assert found == {"DRAFT": [draft], "ALL": [draft], "PUBLISHED": []}


@known(
    "A",
    GATES,
    'Lens names are unique in an account after normalization ("A lens with normalized name … already exists.").',
)
def lens_names_are_unique(emulator: Emulator) -> None:
    owner = emulator.client()
    emulator.create_lens("AWS Operational Readiness Review")
    with refused(owner, "ValidationException") as caught:
        emulator.create_lens("aws operationalReadiness review")
    assert message(caught) == "[Validation] A lens with normalized name awsoperationalreadinessreview already exists."
    emulator.create_lens("AWS Operational Readiness Review", region="eu-west-1")
    emulator.create_lens("AWS Operational Readiness Review", account=RECIPIENT)


@known("A", GATES, "A published lens cannot be renamed by an import.")
def published_lenses_keep_their_name(emulator: Emulator) -> None:
    owner, lens = emulator.client(), emulator.create_lens("before")["id"]
    with refused(owner, "ValidationException") as caught:
        owner.import_lens(LensAlias=lens, JSONString=json.dumps({"name": "after"}))
    assert message(caught) == "[Validation] Lens name must match published name"
    assert [one["LensName"] for one in owner.list_lenses(LensType="CUSTOM_SELF")["LensSummaries"]] == ["before"]


@known("A", GATES, "ImportLens answered with LensArn only")
def an_import_answers_with_the_arn(emulator: Emulator) -> None:
    answer = emulator.client().import_lens(JSONString=json.dumps({"name": "a lens"}))
    assert set(answer) - {"ResponseMetadata"} == {"LensArn"}


@known(
    "A",
    "steampipe-plugin-aws pull requests 1690, 1692; AWS's sample relies on it",
    "A share's ShareId is its ShareInvitationId (workloads)",
)
def a_workload_shares_id_is_its_invitations(emulator: Emulator) -> None:
    emulator.settings(share_id_is_invitation_id=False)
    share_id = share(emulator.client(), WORKLOAD, create(emulator, WORKLOAD))
    (invitation,) = emulator.client(account=RECIPIENT).list_share_invitations()["ShareInvitationSummaries"]
    assert invitation["ShareInvitationId"] == share_id


@known(
    "A",
    "danjhd/wa-automate-sharing README; aws/chalice issue 1445; "
    "aws-samples/aws-control-tower-config-customization issue 27",
    '`UnrecognizedClientException` ("The security token included in the request is invalid.") also means: '
    "a region that the account has not enabled",
)
def a_region_that_is_not_enabled_knows_no_token(emulator: Emulator) -> None:
    emulator.settings(disabled_regions=["ap-east-1"])
    with pytest.raises(ClientError) as caught:
        emulator.client(region="ap-east-1").list_workloads()
    assert caught.value.response["Error"]["Code"] == "UnrecognizedClientException"
    assert message(caught) == "The security token included in the request is invalid."


@known(
    "A",
    "boto/boto3 issue 3302; aws/aws-sdk issue 287",
    "ImportLens with another LensAlias than an ARN: "
    "`ValidationException: [Validation] Invalid lens alias test (allowed value as alias is LensARN)`",
)
def an_import_takes_no_alias_but_an_arn(emulator: Emulator) -> None:
    owner = emulator.client()
    with refused(owner, "ValidationException") as caught:
        owner.import_lens(LensAlias="test", JSONString=json.dumps({"name": "a lens"}))
    assert message(caught) == "[Validation] Invalid lens alias test (allowed value as alias is LensARN)"


@known(
    "A",
    "dev.to, shu85t, Sharing an AWS Well-Architected workload, 2024-09-30",
    "An invitation to an IAM user is accepted only when that user is logged in",
)
def only_the_invited_user_accepts(emulator: Emulator) -> None:
    share_id = share(emulator.client(), WORKLOAD, create(emulator, WORKLOAD), f"arn:aws:iam::{RECIPIENT}:user/ana")
    account = emulator.client(account=RECIPIENT)
    with refused(account, "AccessDeniedException"):
        account.update_share_invitation(ShareInvitationId=share_id, ShareInvitationAction="ACCEPT")


@known(
    "A",
    "awslabs/aws-well-architected-labs issue 282; aws-samples/well-architected-iac-analyzer issue 1",
    "Message style: `[Validation] MaxResults must be between 1 and 50.`, `[ResourceNotFound] No workload with ID …`",
)
def messages_begin_with_the_error_in_brackets(emulator: Emulator) -> None:
    owner = emulator.client()
    with refused(owner, "ValidationException") as caught:
        owner.list_workloads(MaxResults=51)
    assert message(caught) == "[Validation] MaxResults must be between 1 and 50."
    with refused(owner, "ResourceNotFoundException") as caught:
        owner.get_workload(WorkloadId="0" * 32)
    assert message(caught) == f"[ResourceNotFound] No workload with ID {'0' * 32}"


# AWS's own text

QUOTAS = "General Reference, Well-Architected Tool quotas"


@known(
    "B",
    QUOTAS,
    "Quotas, none adjustable: shares per workload 20, per lens 300, per review template 20; "
    "profile shares: no quota listed.",
)
def quotas_are_full_at_their_number(emulator: Emulator) -> None:
    owner = emulator.client()
    principals = [f"{200000000000 + number}" for number in range(301)]
    emulator.seed(profiles=1, shares=principals)
    codes = {}
    for plural, kind, quota in (("workloads", WORKLOAD, 20), ("lenses", LENS, 300), ("templates", TEMPLATE, 20)):
        (made,) = emulator.seed(**{plural: 1}, shares=principals[:quota])
        with refused(owner, "ServiceQuotaExceededException") as caught:
            share(owner, kind, made["id" if kind is WORKLOAD else "arn"], principals[quota])
        codes[kind.name] = caught.value.response["QuotaCode"]
    assert codes == {"workload": "L-7E98904D", "lens": "L-E62A1DE4", "template": "L-A5DDC022"}


@known("B", QUOTAS, "The wording counts shares, so organization and OU shares may count.")
def organization_shares_may_count(emulator: Emulator) -> None:
    enable_organization_sharing(emulator)
    owner, template = emulator.client(), create(emulator, TEMPLATE)
    emulator.settings(quotas={"template": 1})
    share(owner, TEMPLATE, template)
    share(owner, TEMPLATE, template, "o-abcdefghij")
    emulator.settings(organization_shares_count=True)
    with refused(owner, "ServiceQuotaExceededException"):
        share(owner, TEMPLATE, template, "ou-ab12-cdefghij")


@known(
    "B",
    "API reference; user guide",
    "After DeleteLensShare recipients can go on using the lens in workloads that have it; "
    "it cannot be applied to new ones.",
)
def a_lens_stays_in_the_workloads_that_have_it(emulator: Emulator) -> None:
    owner, recipient = emulator.client(), emulator.client(account=RECIPIENT)
    lens = create(emulator, LENS)

    def workload(name: str) -> str:
        made = recipient.create_workload(
            WorkloadName=name,
            Description="A scene",
            Environment="PRODUCTION",
            AwsRegions=["us-east-1"],
            ReviewOwner="owner@example.com",
            Lenses=["wellarchitected", lens],
        )
        return made["WorkloadId"]

    with refused(recipient, "ValidationException"):
        workload("before the share")
    share_id = share(owner, LENS, lens)
    recipient.update_share_invitation(ShareInvitationId=share_id, ShareInvitationAction="ACCEPT")
    during = workload("during the share")
    owner.delete_lens_share(LensAlias=lens, ShareId=share_id)
    assert recipient.get_workload(WorkloadId=during)["Workload"]["Lenses"] == ["wellarchitected", lens]
    assert resources(recipient, LENS) == []
    with refused(recipient, "ValidationException"):
        workload("after the share")


@known(
    "B",
    "user guide, changing a share",
    "A pending or accepted workload share can be modified. "
    "If the modified one is not accepted within seven days, it expires",
)
def a_modified_share_has_seven_days_again(emulator: Emulator) -> None:
    owner, workload = emulator.client(), create(emulator, WORKLOAD)
    pending, accepted = share(owner, WORKLOAD, workload), share(owner, WORKLOAD, workload, OTHER)
    emulator.client(account=OTHER).update_share_invitation(ShareInvitationId=accepted, ShareInvitationAction="ACCEPT")
    emulator.advance(days=6)
    for share_id in (pending, accepted):
        owner.update_workload_share(WorkloadId=workload, ShareId=share_id, PermissionType="CONTRIBUTOR")
    emulator.advance(days=6.9)
    assert statuses(owner, WORKLOAD, workload) == ["PENDING", "ACCEPTED"]
    emulator.advance(days=0.2)
    assert statuses(owner, WORKLOAD, workload) == ["EXPIRED", "ACCEPTED"]


@known(
    "B",
    "user guide, sharing resources",
    "No invitations within an organization once organization sharing is on",
)
def an_organization_is_not_invited(emulator: Emulator) -> None:
    _made, member, unit = organization(emulator)
    owner, workload = emulator.client(), create(emulator, WORKLOAD)
    enable_organization_sharing(emulator)
    share(owner, WORKLOAD, workload, member)
    share(owner, WORKLOAD, create(emulator, WORKLOAD, "for the unit"), unit)
    assert emulator.client(account=member).list_share_invitations()["ShareInvitationSummaries"] == []
    assert len(resources(emulator.client(account=member), WORKLOAD)) == 2


@known(
    "B",
    "AWS GovCloud (US) user guide: accounts, keys and resources are apart from those of other partitions",
    "Keys of one partition are not good in another",
)
def keys_are_good_in_their_partition_only(emulator: Emulator) -> None:
    commercial, govcloud = emulator.credentials(RECIPIENT), emulator.credentials(RECIPIENT, "aws-us-gov")
    owners = [emulator.credentials(), emulator.credentials(partition="aws-us-gov")]
    for here, there in ((commercial, govcloud), owners):
        for keys, good, bad in ((here, "us-east-1", "us-gov-west-1"), (there, "us-gov-west-1", "us-east-1")):
            emulator.client_of(keys, region=good).list_workloads()
            emulator.client_of(keys, "sts", region=good).get_caller_identity()
            for service, code in (
                ("wellarchitected", "UnrecognizedClientException"),
                ("sts", "InvalidClientTokenId"),
                ("organizations", "UnrecognizedClientException"),
            ):
                client = emulator.client_of(keys, service, region=bad)
                call = {"wellarchitected": "list_workloads", "sts": "get_caller_identity"}
                with pytest.raises(ClientError) as caught:
                    getattr(client, call.get(service, "list_roots"))()
                assert caught.value.response["Error"]["Code"] == code


@known(
    "B",
    "API reference",
    "ListTagsForResource takes workload, custom lens, profile and review template ARNs",
)
def every_kind_has_tags(emulator: Emulator) -> None:
    owner, tags = emulator.client(), {"Team": "platform"}
    made = owner.create_workload(
        WorkloadName="a workload",
        Description="A scene",
        Environment="PRODUCTION",
        AwsRegions=["us-east-1"],
        ReviewOwner="owner@example.com",
        Lenses=["wellarchitected"],
        Tags=tags,
    )
    lens = owner.import_lens(JSONString=json.dumps({"name": "a lens"}), Tags=tags)
    template = owner.create_review_template(
        TemplateName="a template", Description="A scene", Lenses=["wellarchitected"], Tags=tags
    )
    profile = owner.create_profile(
        ProfileName="a profile", ProfileDescription="A scene", ProfileQuestions=[], Tags=tags
    )
    for arn in (made["WorkloadArn"], lens["LensArn"], template["TemplateArn"], profile["ProfileArn"]):
        assert owner.list_tags_for_resource(WorkloadArn=arn)["Tags"] == tags


@known(
    "B",
    "API reference; boto3 1.26.134",
    "SharedWith: account ID, IAM user ARN, organization ID, OU ID.",
)
def four_forms_of_a_principal_are_taken(emulator: Emulator) -> None:
    enable_organization_sharing(emulator)
    given = [RECIPIENT, f"arn:aws:iam::{RECIPIENT}:user/someone", "o-abcdefghij", "ou-ab12-cdefghij"]
    for kind in KINDS.values():
        resource = create(emulator, kind)
        for principal in given:
            share(emulator.client(), kind, resource, principal)
        assert [one["SharedWith"] for one in shares(emulator.client(), kind, resource)] == given


@known(
    "B",
    "General Reference; botocore",
    "The service is in 18 commercial regions and 2 of GovCloud, none in China or ISO; "
    "`get_available_regions('wellarchitected')` agrees",
)
def twenty_regions_have_the_service(emulator: Emulator) -> None:
    from ansible_collections.wellarchitected.sharing.tests.emulator.front import served_regions

    found = served_regions()
    gov_cloud = {region for region in found if region.startswith("us-gov-")}
    assert (len(gov_cloud), len(found - gov_cloud)) == (2, 18)
    for region in ("us-west-2", "us-gov-west-1"):
        emulator.client(region=region).list_workloads()
    for region in ("cn-north-1", "us-iso-east-1", "af-south-1", "no-such-region-1"):
        with pytest.raises(ConnectionClosedError):
            emulator.client(region=region).list_workloads()
    assert {(call["status"], call["error"]) for call in emulator.record()[2:]} == {(0, "no_such_endpoint")}


@pytest.mark.parametrize("row", EVIDENCE, ids=[row.shown_by.__name__ for row in EVIDENCE])
def test_the_endpoint_behaves_as_is_known_of_aws(emulator: Emulator, row: Row) -> None:
    row.shown_by(emulator)
