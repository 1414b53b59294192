# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A request that is sent again with its ClientRequestToken does nothing again."""

from __future__ import annotations

import pytest
from ansible_collections.wellarchitected.sharing.tests.emulator.testing import Emulator
from botocore.exceptions import ConnectionClosedError

from .scenes import KINDS, OTHER, RECIPIENT, Kind, create, delete, every_kind, refused, share, statuses

TOKEN = {"ClientRequestToken": "the token"}


@every_kind
def test_a_create_sent_again_returns_the_first_result(emulator: Emulator, kind: Kind) -> None:
    owner = emulator.client()
    resource = create(emulator, kind)
    first = share(owner, kind, resource, **TOKEN)
    assert share(owner, kind, resource, **TOKEN) == first
    assert statuses(owner, kind, resource) == ["PENDING"]


@every_kind
def test_a_delete_sent_again_returns_the_first_result(emulator: Emulator, kind: Kind) -> None:
    owner = emulator.client()
    resource = create(emulator, kind)
    share_id = share(owner, kind, resource)
    delete(owner, kind, resource, share_id, **TOKEN)
    delete(owner, kind, resource, share_id, **TOKEN)


@every_kind
def test_the_same_token_with_other_parameters_conflicts(emulator: Emulator, kind: Kind) -> None:
    owner = emulator.client()
    resource = create(emulator, kind)
    share(owner, kind, resource, RECIPIENT, **TOKEN)
    with refused(owner, "ConflictException"):
        share(owner, kind, resource, OTHER, **TOKEN)


def test_a_request_that_failed_may_be_sent_again(emulator: Emulator) -> None:
    emulator.settings(quotas={"lens": 0})
    owner, kind = emulator.client(), KINDS["lens"]
    resource = create(emulator, kind)
    with refused(owner, "ServiceQuotaExceededException"):
        share(owner, kind, resource, **TOKEN)
    emulator.settings(quotas={"lens": 1})
    share(owner, kind, resource, **TOKEN)


def test_a_token_is_of_one_account_only(emulator: Emulator) -> None:
    kind = KINDS["lens"]
    for account in (None, OTHER):
        client = emulator.client(account=account)
        share(client, kind, emulator.create_lens("a lens", account=account)["id"], **TOKEN)


def test_a_create_whose_answer_was_lost_is_done_once(emulator: Emulator) -> None:
    owner, kind = emulator.client(), KINDS["lens"]
    resource = create(emulator, kind)
    emulator.fault("lost_answer", operation="CreateLensShare", times=1)
    with pytest.raises(ConnectionClosedError):
        share(owner, kind, resource, **TOKEN)
    share_id = share(owner, kind, resource, **TOKEN)
    assert [one["share_id"] for one in emulator.shares()] == [share_id]


def test_creating_a_resource_is_done_once_too(emulator: Emulator) -> None:
    owner = emulator.client()
    arns = {
        owner.create_profile(ProfileName="a profile", ProfileDescription="text", ProfileQuestions=[], **TOKEN)[
            "ProfileArn"
        ]
        for _time in range(2)
    }
    assert len(arns) == 1
