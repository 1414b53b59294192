# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The roles wa_onboard, wa_collect and wa_offboard: each case has accounts of its own, and all run in one start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from moto.organizations import utils as organizations

from tests.emulator.testing import Emulator

from .plays import Case, Outcome, Player, Run, accounts

PRINTED_AT_MOST = 4096


@dataclass(frozen=True)
class Scene:
    """The accounts of a case: an owner (or the hub that collects), and members as hosts one, two and three."""

    endpoint: Emulator
    owner: str
    members: tuple[str, ...]

    def hosts(self, count: int = 2, **more: Any) -> dict[str, dict[str, Any]]:
        return {**accounts(dict(zip(("one", "two", "three"), self.members[:count], strict=False))), **more}

    def case(self, role: str, hosts: dict[str, dict[str, Any]] | None = None, **variables: Any) -> Case:
        return Case(role, variables, self.hosts() if hosts is None else hosts, self.owner)

    def onboard(self, hosts: dict[str, dict[str, Any]] | None = None, **variables: Any) -> Case:
        """Onboarding of a workload that the owner has."""
        self.endpoint.create_workload("Payments", account=self.owner)
        return self.case("wa_onboard", hosts, **{"wa_share_resources": [{"workload": "Payments"}], **variables})

    def collect(self, hosts: dict[str, dict[str, Any]] | None = None, **variables: Any) -> Case:
        """Collecting of a workload that each member has."""
        for member in self.members[:2]:
            self.endpoint.create_workload("Payments", account=member)
        return self.case("wa_collect", hosts, **variables)

    def offboard(self, hosts: dict[str, dict[str, Any]] | None = None, **variables: Any) -> Case:
        """Offboarding of the third member, which the first two share with, as they do with each other."""
        one, two, leaver = self.members
        for account, other in ((one, two), (two, one)):
            self.endpoint.seed(account=account, regions=["us-east-1", "eu-west-1"], workloads=1, shares=[leaver, other])
        return self.case("wa_offboard", hosts, **{"wa_offboard_accounts": [leaver], **variables})


SCENES: dict[str, Callable[[Scene], Case]] = {}
"""The case of each scene, by the name of its function."""


def scene(make: Callable[[Scene], Case]) -> Callable[[Scene], Case]:
    SCENES[make.__name__] = make
    return make


@dataclass
class Done:
    """What came of the run, and what the endpoint has."""

    run: Run
    again: Run
    scenes: dict[str, Scene]
    shares: list[dict[str, Any]]
    record: list[dict[str, Any]]

    def __getitem__(self, make: Callable[[Scene], Case]) -> Outcome:
        return self.run.outcomes[make.__name__]

    def statuses(self, make: Callable[[Scene], Case]) -> dict[tuple[str, ...], str]:
        """The status of each share of the scene after the run, by owner, Region, resource and principal."""
        scene = self.scenes[make.__name__]
        return {
            (share["owner"], share["region"], share["resource_name"], share["shared_with"]): share["status"]
            for share in self.shares
            if share["owner"] in (scene.owner, *scene.members)
        }

    def calls(self, make: Callable[[Scene], Case]) -> Counter[str]:
        """The operations that were called in the accounts of the scene during the run."""
        scene = self.scenes[make.__name__]
        ours = (scene.owner, *scene.members)
        return Counter(call["operation"] for call in self.record if call["account"] in ours)


@pytest.fixture(scope="module")
def done(collections: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    with Emulator() as endpoint:
        scenes = {
            name: Scene(
                endpoint, f"9{number:03}00000000", tuple(f"9{number:03}0000000{member}" for member in (1, 2, 3))
            )
            for number, name in enumerate(SCENES)
        }
        for of_case in scenes.values():
            endpoint.credentials(of_case.owner)
        cases = {name: make(scenes[name]) for name, make in SCENES.items()}
        refused = [f"arn:aws:iam::{scenes[name].members[0]}:role/*" for name in REFUSED_ROLES]
        endpoint.settings(
            quotas={"profile": 1}, invitations_visible_after={"template": 3}, refused_roles=refused, **SETTINGS
        )
        endpoint.clear_record()
        player = Player(tmp_path_factory.mktemp("cases"), collections, endpoint)
        run = player.run(cases)
        shares, record = endpoint.shares(), endpoint.record("")
        again = player.run({name: cases[name] for name in AGAIN})
        yield Done(run, again, scenes, shares, record)


REFUSED_ROLES: list[str] = []
"""Names of scenes whose first member refuses its role."""
AGAIN: list[str] = []
"""Names of scenes that run once more."""
SETTINGS: dict[str, Any] = {}


def refused_role(make: Callable[[Scene], Case]) -> Callable[[Scene], Case]:
    REFUSED_ROLES.append(make.__name__)
    return make


def twice(make: Callable[[Scene], Case]) -> Callable[[Scene], Case]:
    AGAIN.append(make.__name__)
    return make


# Onboarding


@twice
@scene
def onboard_two(scene: Scene) -> Case:
    return scene.onboard(wa_share_shared_with=["777788889999"], wa_share_regions=["us-east-1", "eu-west-1"])


def test_every_account_of_the_play_gets_and_accepts_what_is_declared(done: Done) -> None:
    scene = done.scenes["onboard_two"]
    assert done[onboard_two].failure == ""
    # The list of wa_share is for sharing, not for onboarding.
    assert done.statuses(onboard_two) == {
        (scene.owner, "us-east-1", "Payments", member): "ACCEPTED" for member in scene.members[:2]
    }
    summary = done[onboard_two].result["summary"]
    assert (summary["created"], summary["accepted"]) == (2, 2)


def test_a_second_run_changes_nothing(done: Done) -> None:
    for name in AGAIN:
        again = done.again.outcomes[name]
        assert (name, again.failure, again.result["changed"]) == (name, "", False)


@scene
def late_invitations(scene: Scene) -> Case:
    scene.endpoint.create_template("Central", account=scene.owner)
    foreign = scene.endpoint.create_lens("Foreign", account=scene.owner)["arn"]
    client = scene.endpoint.client(account=scene.owner)
    client.create_lens_share(LensAlias=foreign, SharedWith=scene.members[0])
    return scene.case("wa_onboard", wa_onboard_resources=[{"template": "Central"}])


def test_invitations_that_show_late_are_accepted_and_no_other_invitation_is(done: Done) -> None:
    scene = done.scenes["late_invitations"]
    assert done[late_invitations].failure == ""
    statuses = {key[2:]: status for key, status in done.statuses(late_invitations).items()}
    assert statuses == {
        ("Central", scene.members[0]): "ACCEPTED",
        ("Central", scene.members[1]): "ACCEPTED",
        ("Foreign", scene.members[0]): "PENDING",
    }


@scene
def quota(scene: Scene) -> Case:
    scene.endpoint.create_profile("Critical", account=scene.owner)
    return scene.onboard(wa_share_resources=[{"workload": "Payments"}, {"wa_profile": "Critical"}])


def test_a_full_quota_of_one_resource_fails_the_run_and_all_else_is_accepted(done: Done) -> None:
    assert "ServiceQuotaExceededException" in done[quota].failure
    assert Counter(done.statuses(quota).values()) == {"ACCEPTED": 3}
    assert done[quota].result["summary"]["failed"] == 1


@scene
def unknown_name(scene: Scene) -> Case:
    return scene.onboard(wa_share_resources=[{"workload": "Paymnets"}])


def test_an_unknown_name_is_refused_before_anything_is_shared(done: Done) -> None:
    assert "did you mean 'Payments'?" in done[unknown_name].failure
    assert done.statuses(unknown_name) == {}


@scene
def accounts_without_names(scene: Scene) -> Case:
    """On a host that is not an account."""
    arn = f"arn:aws:iam::{scene.members[0]}:role/WellArchitectedAccept"
    return scene.onboard({}, wa_onboard_accept_in=[{"account_id": scene.members[0], "role_arn": arn}])


def test_the_accounts_can_be_a_variable(done: Done) -> None:
    assert done[accounts_without_names].failure == ""
    assert list(done.statuses(accounts_without_names).values()) == ["ACCEPTED"]


@refused_role
@scene
def refused_recipient(scene: Scene) -> Case:
    return scene.onboard()


def test_an_account_whose_role_is_refused_fails_alone(done: Done) -> None:
    scene = done.scenes["refused_recipient"]
    assert "AccessDenied" in done[refused_recipient].failure
    assert scene.members[0] in done[refused_recipient].failure
    assert {key[3]: status for key, status in done.statuses(refused_recipient).items()} == {
        scene.members[0]: "PENDING",
        scene.members[1]: "ACCEPTED",
    }


@scene
def wrong_hosts(scene: Scene) -> Case:
    one, two = scene.members[:2]
    arn = f"arn:aws:iam::{one}:role/WellArchitectedAccept"
    return scene.onboard(
        {"none": {}, "other": {"aws_account_id": two, "wa_accept_role_arn": arn}, **accounts({"again": two})}
    )


def test_all_errors_of_hosts_are_reported_before_the_first_call(done: Done) -> None:
    message = done[wrong_hosts].failure
    assert "wrong_hosts-none: aws_account_id is not set." in message
    assert "wrong_hosts-other: wa_accept_role_arn" in message
    assert "wrong_hosts-again: aws_account_id" in message
    assert done.calls(wrong_hosts) == {}


@scene
def owner_among_hosts(scene: Scene) -> Case:
    return scene.onboard(scene.hosts(1, **accounts({"own": scene.owner})))


def test_the_owner_among_the_accounts_needs_no_share(done: Done) -> None:
    assert done[owner_among_hosts].failure == ""
    assert {key[3]: status for key, status in done.statuses(owner_among_hosts).items()} == {
        done.scenes["owner_among_hosts"].members[0]: "ACCEPTED"
    }


@scene
def organization(scene: Scene) -> Case:
    case = scene.onboard()
    enable_organization_sharing(scene, scene.owner, scene.members[0])
    return case


def enable_organization_sharing(scene: Scene, management: str, member: str) -> None:
    client = scene.endpoint.client("organizations", management)
    client.create_organization(FeatureSet="ALL")
    with mock.patch.object(organizations, "make_random_account_id", return_value=member):
        client.create_account(AccountName="Member", Email="member@example.com")
    scene.endpoint.client(account=management).update_global_settings(OrganizationSharingStatus="ENABLED")


def test_accounts_of_the_organization_need_no_invitation(done: Done) -> None:
    scene = done.scenes["organization"]
    assert done[organization].failure == ""
    assert {key[3]: status for key, status in done.statuses(organization).items()} == {
        scene.members[0]: "ASSOCIATED",
        scene.members[1]: "ACCEPTED",
    }


@scene
def pending_before(scene: Scene) -> Case:
    """As after a run that was stopped between sharing and accepting."""
    case = scene.onboard()
    client = scene.endpoint.client(account=scene.owner)
    (workload,) = client.list_workloads()["WorkloadSummaries"]
    for member in scene.members[:2]:
        client.create_workload_share(WorkloadId=workload["WorkloadId"], SharedWith=member, PermissionType="READONLY")
    return case


def test_invitations_of_a_run_that_was_stopped_are_accepted_by_the_next(done: Done) -> None:
    assert done[pending_before].failure == ""
    assert set(done.statuses(pending_before).values()) == {"ACCEPTED"}
    summary = done[pending_before].result["summary"]
    assert (summary["created"], summary["accepted"]) == (0, 2)


@scene
def purging_entry(scene: Scene) -> Case:
    return scene.onboard(wa_onboard_resources=[{"workload": "Payments", "purge_shares": True}])


def test_onboarding_refuses_to_purge(done: Done) -> None:
    assert "onboarding never removes shares" in " ".join(done[purging_entry].failure.split())
    assert done.calls(purging_entry) == {}


@scene
def absent_entry(scene: Scene) -> Case:
    return scene.onboard(wa_onboard_resources=[{"workload": "Payments", "state": "absent"}])


def test_onboarding_refuses_to_remove(done: Done) -> None:
    assert "onboarding never removes shares" in " ".join(done[absent_entry].failure.split())
    assert done.calls(absent_entry) == {}


@scene
def recipients_without_names(scene: Scene) -> Case:
    one, two = (
        {"account_id": member, "role_arn": f"arn:aws:iam::{member}:role/WellArchitectedAccept"}
        for member in scene.members[:2]
    )
    return scene.onboard(wa_onboard_accept_in=[one, {**two, "name": "two"}])


def test_recipients_that_a_variable_lists_need_no_names(done: Done) -> None:
    assert done[recipients_without_names].failure == ""
    assert set(done.statuses(recipients_without_names).values()) == {"ACCEPTED"}


@scene
def purging_defaults(scene: Scene) -> Case:
    """What sharing purges stays where accounts are onboarded."""
    case = scene.onboard(wa_share_purge_shares=True)
    client = scene.endpoint.client(account=scene.owner)
    (workload,) = client.list_workloads()["WorkloadSummaries"]
    client.create_workload_share(
        WorkloadId=workload["WorkloadId"], SharedWith="777788889999", PermissionType="READONLY"
    )
    return case


def test_onboarding_removes_no_share_of_other_accounts(done: Done) -> None:
    assert done[purging_defaults].failure == ""
    assert len(done.statuses(purging_defaults)) == 3


# Names of variables, and guardrails


@scene
def misspelled(scene: Scene) -> Case:
    return scene.onboard(wa_onboard_max_removal=0, wa_share_alowed_principals=[])


def test_misspelled_variables_are_refused_and_the_variables_listed(done: Done) -> None:
    message = done[misspelled].failure
    assert "Unknown variables: wa_onboard_max_removal, wa_share_alowed_principals." in message
    assert "wa_onboard_max_removals" in message
    assert done.calls(misspelled) == {}


@scene
def differing(scene: Scene) -> Case:
    hosts = scene.hosts()
    hosts["two"]["wa_share_allowed_principals"] = []
    return scene.onboard(hosts)


def test_a_guardrail_of_one_host_is_refused(done: Done) -> None:
    assert "differing-two: wa_share_allowed_principals differs from that of differing-one." in done[differing].failure
    assert done.calls(differing) == {}


@scene
def other_variables(scene: Scene) -> Case:
    """Variables of hosts, of wa_share_report, and artifacts of earlier jobs."""
    return scene.onboard(
        wa_share_external_id="example", wa_share_report_title="Shares", wa_onboard_plan="[]", wa_share_summary={}
    )


def test_variables_of_hosts_reports_and_artifacts_are_not_refused(done: Done) -> None:
    assert done[other_variables].failure == ""


GUARDRAILS = ("allowed_principals", "max_removals", "approved_plan", "expected_account_id")


def guardrail_scene(name: str, **variables: Any) -> str:
    """A scene of onboarding with these guardrails. Returns its name."""

    def make(scene: Scene) -> Case:
        return scene.onboard(**variables)

    make.__name__ = name
    SCENES[name] = make
    return name


REFUSING = {"allowed_principals": [], "approved_plan": [], "expected_account_id": "777788889999"}
GIVEN = [
    *(guardrail_scene(f"own_{name}", **{f"wa_onboard_{name}": value}) for name, value in REFUSING.items()),
    # Null is as not given: it does not loosen what wa_share_… has.
    *(
        guardrail_scene(f"null_over_{name}", **{f"wa_onboard_{name}": None, f"wa_share_{name}": value})
        for name, value in REFUSING.items()
    ),
    *(guardrail_scene(f"empty_string_{name}", **{f"wa_share_{name}": ""}) for name in GUARDRAILS),
]


@scene
def null_guardrails(scene: Scene) -> Case:
    return scene.onboard(**{f"{role}_{name}": None for role in ("wa_onboard", "wa_share") for name in GUARDRAILS})


@pytest.mark.parametrize("name", GIVEN)
def test_a_guardrail_refuses_before_the_first_change(done: Done, name: str) -> None:
    outcome = done.run.outcomes[name]
    assert outcome.failure
    assert done.statuses(SCENES[name]) == {}


def test_guardrails_that_are_null_are_not_given(done: Done) -> None:
    assert done[null_guardrails].failure == ""


@scene
def wrong_credentials(scene: Scene) -> Case:
    return scene.onboard(wa_share_expected_account_id="777788889999")


def test_credentials_of_another_account_are_refused_before_any_other_call(done: Done) -> None:
    message = done[wrong_credentials].failure
    assert "777788889999" in message
    assert done.scenes["wrong_credentials"].owner in message
    assert set(done.calls(wrong_credentials)) <= {"GetCallerIdentity"}


# Collecting


@twice
@scene
def collect_two(scene: Scene) -> Case:
    scene.endpoint.create_workload("The hub's own", account=scene.owner)
    return scene.collect(scene.hosts(2, **accounts({"hub": scene.owner})), wa_collect_regions=["us-east-1"])


def test_workloads_of_every_account_are_shared_with_the_calling_account_and_accepted(done: Done) -> None:
    scene = done.scenes["collect_two"]
    assert done[collect_two].failure == ""
    assert done.statuses(collect_two) == {
        (member, "us-east-1", "Payments", scene.owner): "ACCEPTED" for member in scene.members[:2]
    }
    summary = done[collect_two].result["summary"]
    assert (summary["created"], summary["accepted"]) == (2, 2)


@scene
def partner(scene: Scene) -> Case:
    return scene.collect(
        wa_collect_permission_type="CONTRIBUTOR",
        wa_collect_also_with=["777788889999", {"principal": "666677778888", "permission_type": "CONTRIBUTOR"}],
        wa_share_permission_type="CONTRIBUTOR",
    )


def test_the_permission_of_the_calling_account_is_not_that_of_a_partner(done: Done) -> None:
    scene = done.scenes["partner"]
    assert done[partner].failure == ""
    permissions = {
        share["shared_with"]: share["permission_type"] for share in done.shares if share["owner"] in scene.members
    }
    assert permissions == {scene.owner: "CONTRIBUTOR", "777788889999": "READONLY", "666677778888": "CONTRIBUTOR"}


@scene
def permission_by_default(scene: Scene) -> Case:
    return scene.collect(wa_share_permission_type="CONTRIBUTOR", wa_share_resources=[{"lens": "*"}])


def test_workloads_are_collected_read_only_whatever_else_is_shared(done: Done) -> None:
    scene = done.scenes["permission_by_default"]
    assert done[permission_by_default].failure == ""
    permissions = [share["permission_type"] for share in done.shares if share["owner"] in scene.members]
    assert permissions == ["READONLY", "READONLY"]


@refused_role
@scene
def refused_owner(scene: Scene) -> Case:
    return scene.collect()


def test_an_account_that_cannot_be_entered_keeps_no_other_from_being_collected(done: Done) -> None:
    scene = done.scenes["refused_owner"]
    assert "AccessDenied" in done[refused_owner].failure
    assert list(done.statuses(refused_owner)) == [(scene.members[1], "us-east-1", "Payments", scene.owner)]
    assert len(done[refused_owner].output.encode()) < PRINTED_AT_MOST


@scene
def hub_alone(scene: Scene) -> Case:
    return scene.case("wa_collect", accounts({"hub": scene.owner}))


def test_collecting_from_no_account_but_the_calling_one_is_an_error(done: Done) -> None:
    assert "accounts" in done[hub_alone].failure
    assert done.statuses(hub_alone) == {}


# Offboarding


@twice
@scene
def offboard_one(scene: Scene) -> Case:
    """The account that leaves is among the owners, and shares something itself."""
    one, _two, leaver = scene.members
    # A number, as YAML reads an ID without quotes.
    case = scene.offboard(
        scene.hosts(3), wa_share_regions=["us-east-1", "eu-west-1"], wa_offboard_accounts=[int(leaver)]
    )
    scene.endpoint.seed(account=leaver, workloads=1, shares=[one])
    scene.endpoint.seed(
        account=one,
        lenses=1,
        templates=1,
        profiles=1,
        shares=[leaver, f"arn:aws:iam::{leaver}:user/ana", f"arn:aws:iam::{leaver}:role/reviewer", "777788889999"],
    )
    return case


def test_every_share_with_the_account_its_users_and_roles_is_deleted_in_all_regions_of_wa_share(done: Done) -> None:
    scene = done.scenes["offboard_one"]
    one, two, leaver = scene.members
    assert done[offboard_one].failure == ""
    shares = [share for share in done.shares if share["owner"] in scene.members]
    assert Counter((share["owner"], share["region"], share["shared_with"]) for share in shares) == {
        (one, "us-east-1", two): 1,
        (one, "eu-west-1", two): 1,
        (two, "us-east-1", one): 1,
        (two, "eu-west-1", one): 1,
        (one, "us-east-1", "777788889999"): 3,
        (leaver, "us-east-1", one): 1,
    }
    calls = [call for call in done.record if call["account"] == leaver]
    assert calls == []


def test_the_last_line_of_offboarding_says_where_it_looked(done: Done) -> None:
    assert done[offboard_one].result["summary"]["deleted"] == 13
    assert "2 accounts" in done[offboard_one].result["msg"]
    assert "2 Regions" in done[offboard_one].result["msg"]


@scene
def offboard_without_group(scene: Scene) -> Case:
    return scene.offboard({})


def test_offboarding_without_accounts_is_refused(done: Done) -> None:
    assert "This play has no host of the group accounts." in done[offboard_without_group].failure
    assert len(done.statuses(offboard_without_group)) == 8


@scene
def offboard_the_calling_account(scene: Scene) -> Case:
    scene.endpoint.seed(account=scene.owner, workloads=1, shares=scene.members)
    return scene.offboard({}, wa_offboard_calling_account=True)


def test_the_calling_account_is_the_owner_only_where_a_variable_says_so(done: Done) -> None:
    scene = done.scenes["offboard_the_calling_account"]
    assert done[offboard_the_calling_account].failure == ""
    statuses = done.statuses(offboard_the_calling_account)
    assert {key[3] for key in statuses if key[0] == scene.owner} == set(scene.members[:2])
    assert len(statuses) == 2 + 8


@refused_role
@scene
def offboard_refused_owner(scene: Scene) -> Case:
    return scene.offboard()


def test_an_owner_that_cannot_be_entered_fails_the_run_and_the_others_are_done(done: Done) -> None:
    scene = done.scenes["offboard_refused_owner"]
    assert scene.members[0] in done[offboard_refused_owner].failure
    left = {key[0] for key in done.statuses(offboard_refused_owner) if key[1::2] == ("us-east-1", scene.members[2])}
    assert left == {scene.members[0]}


@scene
def offboard_too_many(scene: Scene) -> Case:
    return scene.offboard(wa_offboard_max_removals=None, wa_share_max_removals=1)


def test_offboarding_keeps_to_the_maximum_of_removals(done: Done) -> None:
    assert "max_removals" in done[offboard_too_many].failure
    assert len(done.statuses(offboard_too_many)) == 8


@scene
def offboard_all(scene: Scene) -> Case:
    return scene.offboard(wa_offboard_accounts=list(scene.members))


def test_offboarding_every_account_of_the_play_is_an_error(done: Done) -> None:
    assert "accounts" in done[offboard_all].failure
    assert len(done.statuses(offboard_all)) == 8


# Plans


PLANS = {
    "wa_onboard": lambda scene, **plan: scene.onboard(**plan),
    "wa_collect": lambda scene, **plan: scene.collect(**plan),
    "wa_offboard": lambda scene, **plan: scene.offboard(**plan),
}


def plan_scene(role: str, kind: str) -> str:
    name = f"{kind}_{role}"

    def make(scene: Scene) -> Case:
        return PLANS[role](scene, **{f"{role}_approved_plan": []})

    make.__name__ = name
    SCENES[name] = make
    return name


PLANNED = {role: plan_scene(role, "planned") for role in PLANS}


@pytest.fixture(scope="module")
def planned(done: Done, collections: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Outcome]]:
    """The roles once more: in check mode, with the plan without one change, and with the plan. By role and kind."""
    player = Player(
        tmp_path_factory.mktemp("plans"), collections, Emulator(url=next(iter(done.scenes.values())).endpoint.url)
    )

    def cases(plans: dict[str, list[Any]] | None) -> dict[str, Case]:
        return {
            PLANNED[role]: done.scenes[PLANNED[role]].case(
                role,
                **(VARIABLES[role](done.scenes[PLANNED[role]])),
                **({} if plans is None else {f"{role}_approved_plan": plans[role]}),
            )
            for role in PLANS
        }

    runs: dict[str, dict[str, Outcome]] = {"checked": player.run(cases(None), "--check").outcomes}
    plans = {role: runs["checked"][PLANNED[role]].result["plan"] for role in PLANS}
    runs["tampered"] = player.run(cases({role: plan[1:] for role, plan in plans.items()})).outcomes
    runs["approved"] = player.run(cases(plans)).outcomes
    return {role: {kind: outcomes[PLANNED[role]] for kind, outcomes in runs.items()} for role in PLANS}


VARIABLES: dict[str, Callable[[Scene], dict[str, Any]]] = {
    "wa_onboard": lambda _scene: {"wa_share_resources": [{"workload": "Payments"}]},
    "wa_collect": lambda _scene: {},
    "wa_offboard": lambda scene: {"wa_offboard_accounts": [scene.members[2]]},
}


@pytest.mark.parametrize("role", PLANS)
def test_a_run_keeps_to_the_plan_that_was_approved(planned: dict[str, dict[str, Outcome]], role: str) -> None:
    outcomes = planned[role]
    assert len(outcomes["checked"].result["plan"]) == 2
    assert len(outcomes["checked"].result["plan_sha256"]) == 64
    assert "approved_plan" in outcomes["tampered"].failure
    assert outcomes["approved"].failure == ""
    assert outcomes["approved"].result["plan_sha256"] == outcomes["checked"].result["plan_sha256"]
