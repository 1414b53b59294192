# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists come in pages of at most 50, those of lens shares of at most 10."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import Emulator

from .scenes import KINDS, RECIPIENT, Kind, create, delete, every_kind, refused, share, shares

TOKEN = re.compile(r"[A-Za-z0-9+/=_-]+")
PRINCIPALS = [f"{200000000000 + number}" for number in range(130)]


def pages(call: Any, member: str, **parameters: Any) -> list[list[Any]]:
    found = []
    while True:
        answer = call(**parameters)
        found.append(answer[member])
        if not answer.get("NextToken"):
            return found
        assert TOKEN.fullmatch(answer["NextToken"])
        parameters["NextToken"] = answer["NextToken"]


def seeded(emulator: Emulator, kind: Kind, count: int = 1, principals: list[str] | None = None) -> str:
    plural = "lenses" if kind.name == "lens" else f"{kind.name}s"
    emulator.settings(quotas={kind.name: 1000})
    made = emulator.seed(**{plural: count}, shares=PRINCIPALS if principals is None else principals)
    return made[0]["id"] if kind.name == "workload" else made[0]["arn"]


@every_kind
def test_130_shares_are_three_pages_of_50(emulator: Emulator, kind: Kind) -> None:
    emulator.settings(max_results={f"List{kind.name.title()}Shares": 50})
    resource = seeded(emulator, kind)
    call = getattr(emulator.client(), f"list_{kind.name}_shares")
    found = pages(call, kind.summaries, **{kind.identifier: resource})
    assert [len(page) for page in found] == [50, 50, 30]
    assert [one["SharedWith"] for page in found for one in page] == PRINCIPALS


def shared_lens(emulator: Emulator, principals: list[str]) -> str:
    lens = emulator.create_lens("a lens")["id"]
    for principal in principals:
        share(emulator.client(), KINDS["lens"], lens, principal)
    return lens


def test_max_results_makes_pages_smaller(emulator: Emulator) -> None:
    kind = KINDS["lens"]
    resource = shared_lens(emulator, PRINCIPALS[:10])
    found = pages(emulator.client().list_lens_shares, kind.summaries, LensAlias=resource, MaxResults=5)
    assert [len(page) for page in found] == [5, 5]


@every_kind
def test_resources_come_in_pages_too(emulator: Emulator, kind: Kind) -> None:
    for number in range(60):
        create(emulator, kind, f"resource {number}")
    operation, member, identifier = kind.lists
    found = pages(getattr(emulator.client(), operation), member)
    listed = [one[identifier] for page in found for one in page]
    assert len(found) == 2
    assert len(set(listed)) == len(listed) == 60 + (9 if kind.name == "lens" else 0)


def test_invitations_come_in_pages_too(emulator: Emulator) -> None:
    for number in range(55):
        share(emulator.client(), KINDS["template"], create(emulator, KINDS["template"], f"template {number}"))
    recipient = emulator.client(account=RECIPIENT)
    found = pages(recipient.list_share_invitations, "ShareInvitationSummaries")
    assert [len(page) for page in found] == [50, 5]


def test_what_is_deleted_between_two_pages_breaks_nothing(emulator: Emulator) -> None:
    kind, owner = KINDS["lens"], emulator.client()
    resource = shared_lens(emulator, PRINCIPALS[:6])
    by_principal = {one["SharedWith"]: one["ShareId"] for one in shares(owner, kind, resource)}
    first = owner.list_lens_shares(LensAlias=resource, MaxResults=2)
    for gone in (PRINCIPALS[0], PRINCIPALS[2]):
        delete(owner, kind, resource, by_principal[gone])
    share(owner, kind, resource, PRINCIPALS[10])
    rest = owner.list_lens_shares(LensAlias=resource, NextToken=first["NextToken"])
    listed = [one["SharedWith"] for one in rest["LensShareSummaries"]]
    assert listed == [PRINCIPALS[3], PRINCIPALS[4], PRINCIPALS[5], PRINCIPALS[10]]


@pytest.mark.parametrize("change", [{"NextToken": "nonsense"}, {"Status": "PENDING"}])
def test_a_token_is_good_for_the_request_it_was_given_to_only(emulator: Emulator, change: dict[str, str]) -> None:
    owner = emulator.client()
    resource = shared_lens(emulator, PRINCIPALS[:11])
    token = owner.list_lens_shares(LensAlias=resource)["NextToken"]
    with refused(owner, "ValidationException"):
        owner.list_lens_shares(**{"LensAlias": resource, "NextToken": token, **change})
