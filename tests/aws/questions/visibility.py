# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How soon a list shows what was done."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from ..answers import Answer, Unknown
from ..kinds import KINDS
from ..resources import Resource
from ..sharing import find, find_invitation, refusal, share, timed_share, unshare, wait_for
from ..stage import Stage
from ..watching import Sighting, Span, timed, watch

Look = Callable[[], bool]


def shares_visible(stage: Stage) -> Mapping[str, Answer]:
    """If time alone makes a share visible, a first list that is made late enough shows it. If not, lists count."""
    seen = _seen_in_owners_lists(stage, wait=0)
    if not any(sighting.misses for sighting in seen.values()):
        text = "A new share shows in the first list."
        return {"shares_visible_after": Answer(0, text), "shares_visible_after_lists": Answer(0, text)}
    slowest = max(seen.values(), key=lambda sighting: sighting.by)
    late = _seen_in_owners_lists(stage, wait=1.2 * slowest.by + stage.pace.pause)
    most = max(sighting.misses for sighting in late.values())
    if most:
        text = f"{most} lists miss a new share, even where the first is made {1.2 * slowest.by:.1f} s later."
        return {"shares_visible_after": Answer(0, text), "shares_visible_after_lists": Answer(most, text)}
    text = f"By kind, in seconds: {_seconds(seen)}. A list that is made later than that shows it at once."
    return {
        "shares_visible_after": Answer(max(sighting.seconds for sighting in seen.values()), text),
        "shares_visible_after_lists": Answer(0, text),
    }


def _seen_in_owners_lists(stage: Stage, wait: float) -> dict[str, Sighting]:
    """When new shares, one of each kind, showed in lists of which the first was made after `wait` seconds."""
    with stage.throw_away(*KINDS) as resources:
        looks: dict[str, Look] = {}
        since: dict[str, Span] = {}
        for resource in resources:
            share_id, since[resource.kind.name] = timed_share(stage, resource)
            looks[resource.kind.name] = _look_for_share(stage, resource, share_id)
        time.sleep(wait)
        return _all_seen(stage, looks, since, "a new share in the owner's list")


def _look_for_share(stage: Stage, resource: Resource, share_id: str) -> Look:
    return lambda: find(stage, resource, share_id) is not None


def _all_seen(stage: Stage, looks: Mapping[str, Look], since: Mapping[str, Span], what: str) -> dict[str, Sighting]:
    seen = watch(looks, since, stage.pace)
    missing = [name for name, sighting in seen.items() if sighting is None]
    if missing:
        raise Unknown(f"{what} ({', '.join(missing)}) did not come in {stage.pace.patience:g} s")
    return {name: sighting for name, sighting in seen.items() if sighting}


def _seconds(seen: Mapping[str, Sighting]) -> str:
    return ", ".join(f"{name} {sighting.seconds:g}" for name, sighting in seen.items())


def invitations_visible(stage: Stage) -> Mapping[str, Answer]:
    with stage.throw_away(*KINDS) as resources:
        looks: dict[str, Look] = {}
        since: dict[str, Span] = {}
        for resource in resources:
            since[resource.kind.name] = timed_share(stage, resource)[1]
            looks[resource.kind.name] = _look_for_invitation(stage, resource)
        seen = _all_seen(stage, looks, since, "a new invitation in the recipient's list")
    value = {name: sighting.seconds for name, sighting in seen.items()}
    return {"invitations_visible_after": Answer(value, f"By kind, in seconds: {_seconds(seen)}.")}


def _look_for_invitation(stage: Stage, resource: Resource) -> Look:
    return lambda: find_invitation(stage, resource) is not None


def conflicts_after_delete(stage: Stage) -> Mapping[str, Answer]:
    with stage.throw_away(*KINDS) as resources:
        looks: dict[str, Look] = {}
        since: dict[str, Span] = {}
        for resource in resources:
            since[resource.kind.name] = _share_and_unshare(stage, resource)
            looks[resource.kind.name] = _try_to_share(stage, resource)
        seen = _all_seen(stage, looks, since, "a share after a delete")
    text = f"By kind, in seconds: {_seconds(seen)}."
    return {"conflicts_after_delete": Answer(max(sighting.seconds for sighting in seen.values()), text)}


def _share_and_unshare(stage: Stage, resource: Resource) -> Span:
    """Share, delete the share, and wait until no list shows it. Returns when it was deleted."""
    share_id = share(stage, resource)
    deleted = timed(lambda: unshare(stage, resource, share_id))
    wait_for(stage, "a list without a deleted share", lambda: find(stage, resource, share_id) is None)
    return deleted


def _try_to_share(stage: Stage, resource: Resource) -> Look:
    return lambda: refusal(lambda: share(stage, resource)) is None
