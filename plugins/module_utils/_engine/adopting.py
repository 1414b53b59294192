# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What is there, as a declaration of it: with the ends and the reasons that were declared so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._aws.names_lookup import NamesLookup
from .._model.listed import Listed
from .._model.places import Place
from .._model.principals import Principal
from .._model.shares import Share
from .._model.terms import NO_TERMS, Terms
from .declaration import Entry, merge_entries
from .resolving import Meanings, resolve_in
from .settings import Defaults

Key = tuple[str, str]
"""Tells a resource from every other one of its place."""


def terms_in(
    place: Place, lookup: NamesLookup, entries: Sequence[Entry], concurrency: int
) -> tuple[Meanings, dict[Key, Mapping[Principal, Terms]]]:
    """What the entries mean in the place, and on what terms principals have access to each of its resources.

    Raises ServiceError where its resources cannot be listed. Names that mean several resources are among the faults;
    one that means nothing here does not matter. Raises InvalidInput where entries contradict each other.
    """
    here = [entry for entry in entries if entry.applies_in(place)]
    meanings = resolve_in(place, lookup, here, concurrency, alone=False)
    declarations = merge_entries(meanings.kept(here), Defaults())
    return meanings, {declaration.resource.key: declaration.terms for declaration in declarations}


def as_declared(listed: Listed, terms: Mapping[Principal, Terms], partial: bool) -> dict[str, Any]:
    """The live shares as an entry of wa_shares' option ``resources``.

    ``terms``: what was declared of principals so far. ``partial``: whether there may be other live shares. Then nobody
    purges by the entry, whatever the task says.
    """
    kind = listed.resource.kind
    return {
        kind.option: listed.resource.arn or listed.resource.id,
        "shared_with": [
            _as_item(share, terms.get(share.principal, NO_TERMS), kind.has_permission)
            for share in listed.shares
            if share.live
        ],
        **({"purge_shares": False} if partial else {}),
    }


def _as_item(share: Share, terms: Terms, has_permission: bool) -> str | dict[str, str | None]:
    """One item of ``shared_with``: a text where nothing more is to be said."""
    more: dict[str, str | None] = {"permission_type": share.permission} if has_permission else {}
    if terms.until:
        more["until"] = terms.until.text
    if terms.reason:
        more["reason"] = terms.reason
    return {"principal": share.principal.text, **more} if more else share.principal.text
