# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""A report as one self-contained HTML page."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .changes import CHANGES
from .reasons import NOTES, REASONS, STATES, UNKNOWN
from .shape import Row, rows_of

_HERE = Path(__file__).parent
ROWS_WITHOUT_SCRIPT = 2000
# What could end a script element, or begin another or a comment in it.
_ESCAPED_IN_SCRIPTS = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
# The most urgent first.
_STATUSES = ("FAILED", "EXPIRED", "REJECTED", "REVOKED", "PENDING", "ASSOCIATING", "ASSOCIATED", "ACCEPTED")
# The columns of shares in the page's data, beside resource, principal, status and what follows from the resource.
_TEXTS = ("permission_type", "pending_age", "status_message", "until", "reason")


def render_page(report: Row, limit: int = ROWS_WITHOUT_SCRIPT) -> str:
    """The page of the report. ``limit``: the number of shares listed without its script, the most urgent first."""
    # Not Ansible's own: it escapes everything, and has no lookups.
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    urgency = {reason.name: position for position, reason in enumerate(REASONS)}
    rows = rows_of(report["resources"], _by_key(report["principals"]))
    rows.sort(key=lambda row: min((urgency.get(name, len(urgency)) for name in row["attention"]), default=len(urgency)))
    style, script = ((_HERE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    return environment.get_template("page.html.j2").render(
        report=report,
        anchors=_anchors(report),
        change_labels=CHANGES,
        regions=len({region for owner in report["owners"] for region in owner["regions"]}),
        has_owners=len(_distinct(report, "owner", "account_id")) > 1,
        has_regions=len(_distinct(report, "region")) > 1,
        rows=rows[:limit],
        more=max(0, len(rows) - limit),
        style=Markup(style),
        style_hash=csp_hash(style),
        script=Markup(script),
        script_hash=csp_hash(script),
        data=Markup(script_data(report)),
    )


def csp_hash(text: str) -> str:
    """The source expression that allows the inline script or style ``text``. Source: CSP Level 3, hash-source."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def script_data(report: Row) -> str:
    """The report's shares as columns, in JSON for a script element.

    Each column has its distinct items once, as [name, about, full, search] of which the later may be left out, and for
    each share, or each resource, the position of its item.
    """
    owners, regions, kinds = (
        _distinct(report, "owner", "account_id"),
        _distinct(report, "region"),
        _distinct_kinds(report),
    )
    resources = report["resources"]
    shares = [(position, share) for position, resource in enumerate(resources) for share in resource["shares"]]
    used = dict.fromkeys(share["principal"] for _position, share in shares)
    principals = [principal for principal in report["principals"] if principal["principal"] in used]
    numbers = {principal["principal"]: number for number, principal in enumerate(principals)}
    statuses = sorted({share["status"] for _position, share in shares}, key=_status_order)
    positions = {
        value: position for values in (owners, regions, kinds, statuses) for position, value in enumerate(values)
    }
    anchors = _anchors(report)
    columns = {
        "resource": {
            "items": [_resource_item(row, len(owners) > 1, len(regions) > 1) for row in resources],
            "of": [position for position, _share in shares],
        },
        "owner": {
            "items": [_owner_item(*owner) for owner in owners],
            "of_resource": [positions[row["owner"], row["account_id"]] for row in resources],
        },
        "region": {
            "items": [[region or "unknown"] for (region,) in regions],
            "of_resource": [positions[(row["region"],)] for row in resources],
        },
        "kind": {
            "items": [[kind] for kind in kinds],
            "of_resource": [positions[row["resource"]["kind"]] for row in resources],
        },
        "principal": {
            "items": [_principal_item(principal) for principal in principals],
            "of": [numbers[share["principal"]] for _position, share in shares],
        },
        "status": {
            "items": [
                [status, state, status, f"{status} {state}"]
                for status in statuses
                for state in (STATES.get(status, UNKNOWN),)
            ],
            "of": [positions[share["status"]] for _position, share in shares],
        },
        "first_seen": _column(([share["first_seen"][:10], "", share["first_seen"]] for _position, share in shares)),
        "attention": _column(
            [" ".join(names), "" if NOTES.issuperset(names) else "urgent"]
            for _position, share in shares
            for names in (share["attention"],)
        ),
        "declared": _column(
            [where, str(anchors.get(where, ""))]
            for _position, share in shares
            for where in ((*share["declared"], "")[0],)
        ),
        **{text: _column([share[text]] for _position, share in shares) for text in _TEXTS},
    }
    reasons = {group["reason"]: group["label"] for group in report["attention"]}
    data = {"columns": columns, "reasons": reasons, "has_declaration": report["has_declaration"]}
    # The encoder writes ASCII only, so there are no line separators either.
    return json.dumps(data, separators=(",", ":")).translate(_ESCAPED_IN_SCRIPTS)


def _column(items: Iterable[Sequence[str]]) -> Row:
    """A column of the data, whose items are numbered as they come."""
    numbers: dict[tuple[str, ...], int] = {}
    of = [numbers.setdefault(tuple(item), len(numbers)) for item in items]
    return {"items": list(numbers), "of": of}


def _resource_item(row: Row, with_owner: bool, with_region: bool) -> list[str]:
    named = row["resource"]
    owner = (row["owner"] or row["account_id"]) if with_owner else ""
    about = " · ".join(filter(None, (named["kind"], owner, row["region"] if with_region else "")))
    search = (named["arn"], *named.values(), row["owner"], row["account_id"], row["region"])
    return [named["name"] or named["id"], about, named["arn"] or named["id"], "\n".join(search)]


def _owner_item(name: str, account: str) -> list[str]:
    if not name or name == account:
        return [account or "unknown"]
    return [name, account, f"{name} {account}".strip()]


def _principal_item(principal: Row) -> list[str]:
    key, kind, account, name = (principal[part] for part in ("principal", "kind", "account", "name"))
    search = "\n".join((key, kind, account, name))
    if kind in ("user", "role"):
        own = key.partition(":")[2]
        return [
            own,
            f"{account} {name}".strip(),
            f"{own} of {name} {account}" if name else f"{own} of {account}",
            search,
        ]
    return [name, key, f"{name} {key}", search] if name else [key, kind, key, search]


def _status_order(status: str) -> tuple[int, str]:
    return (_STATUSES.index(status) if status in _STATUSES else len(_STATUSES), status)


def _anchors(report: Row) -> dict[str, int]:
    return {entry["where"]: position for position, entry in enumerate(report["declared"])}


def _by_key(principals: Iterable[Row]) -> Mapping[str, Row]:
    return {principal["principal"]: principal for principal in principals}


def _distinct(report: Row, *keys: str) -> list[tuple[Any, ...]]:
    """The distinct values that the report's resources have under these keys."""
    return sorted({tuple(row[key] for key in keys) for row in report["resources"]})


def _distinct_kinds(report: Row) -> list[str]:
    return list(dict.fromkeys(row["resource"]["kind"] for row in report["resources"]))
