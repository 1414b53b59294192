# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""A report as one self-contained HTML page."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

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
    urgency = {reason: position for position, reason in enumerate(REASONS)}
    rows = rows_of(report)
    rows.sort(key=lambda row: min((urgency.get(name, len(urgency)) for name in row["attention"]), default=len(urgency)))
    has_owners, has_regions = _variety(report)
    style, script = ((_HERE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    return environment.get_template("page.html.j2").render(
        report=report,
        anchors=_anchors(report),
        change_labels=CHANGES,
        regions=len({region for owner in report["owners"] for region in owner["regions"]}),
        has_owners=has_owners,
        has_regions=has_regions,
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

    Each column has its distinct items once, as (name, about, full, search) of which the later may be left out, and for
    each share, or each resource, the number of its item.
    """
    resources, has_owners, has_regions = report["resources"], *_variety(report)
    shares = [share for resource in resources for share in resource["shares"]]
    used = {share["principal"] for share in shares}
    principals = {one["principal"]: _principal_item(one) for one in report["principals"] if one["principal"] in used}
    statuses = {status: (status, STATES.get(status, UNKNOWN)) for status in _STATUSES} | {
        share["status"]: (share["status"], UNKNOWN) for share in shares if share["status"] not in _STATUSES
    }
    anchors = _anchors(report)

    def of_resource(item: Callable[[Row], Sequence[str]]) -> Row:
        column = _column(map(item, resources))
        return {"items": column["items"], "of_resource": column["of"]}

    columns = {
        "resource": {
            "items": [_resource_item(row, has_owners, has_regions) for row in resources],
            "of": [number for number, row in enumerate(resources) for _share in row["shares"]],
        },
        "owner": of_resource(lambda row: _owner_item(row["owner"], row["account_id"])),
        "region": of_resource(lambda row: (row["region"] or "unknown",)),
        "kind": of_resource(lambda row: (row["resource"]["kind"],)),
        "principal": _column((principals[share["principal"]] for share in shares), principals.values()),
        "status": _column((statuses[share["status"]] for share in shares), statuses.values()),
        "first_seen": _column((share["first_seen"][:10], "", share["first_seen"]) for share in shares),
        "attention": _column(_attention_item(share["attention"]) for share in shares),
        "declared": _column(_declared_item(share["declared"], anchors) for share in shares),
        **{text: _column((share[text],) for share in shares) for text in _TEXTS},
    }
    reasons = {group["reason"]: group["label"] for group in report["attention"]}
    data = {"columns": columns, "reasons": reasons, "has_declaration": report["has_declaration"]}
    # The encoder writes ASCII only, so there are no line separators either.
    return json.dumps(data, separators=(",", ":")).translate(_ESCAPED_IN_SCRIPTS)


def _column(items: Iterable[Sequence[str]], order: Iterable[Sequence[str]] = ()) -> Row:
    """A column of the data. Its items are numbered as in ``order``, and then as they come."""
    numbers = {tuple(item): number for number, item in enumerate(order)}
    of = [numbers.setdefault(tuple(item), len(numbers)) for item in items]
    return {"items": list(numbers), "of": of}


def _variety(report: Row) -> tuple[bool, bool]:
    """Whether the report's resources have several owners, and several Regions."""
    owners = {(row["owner"], row["account_id"]) for row in report["resources"]}
    return len(owners) > 1, len({row["region"] for row in report["resources"]}) > 1


def _attention_item(reasons: Sequence[str]) -> tuple[str, str]:
    return " ".join(reasons), "" if NOTES.issuperset(reasons) else "urgent"


def _declared_item(declared: Sequence[str], anchors: Mapping[str, int]) -> tuple[str, ...]:
    return (declared[0], str(anchors.get(declared[0], ""))) if declared else ("",)


def _resource_item(row: Row, with_owner: bool, with_region: bool) -> tuple[str, ...]:
    named = row["resource"]
    owner = (row["owner"] or row["account_id"]) if with_owner else ""
    about = " · ".join(filter(None, (named["kind"], owner, row["region"] if with_region else "")))
    search = (named["arn"], *named.values(), row["owner"], row["account_id"], row["region"])
    return named["name"] or named["id"], about, named["arn"] or named["id"], "\n".join(search)


def _owner_item(name: str, account: str) -> tuple[str, ...]:
    return (
        (name, account, f"{name} {account}")
        if name and name != account and account
        else (name or account or "unknown",)
    )


def _principal_item(principal: Row) -> tuple[str, ...]:
    key, kind, account, name = (principal[part] for part in ("principal", "kind", "account", "name"))
    search = "\n".join((key, kind, account, name))
    if kind in ("user", "role"):
        own = key.partition(":")[2]
        return own, f"{account} {name}".strip(), f"{own} of {f'{name} {account}'.strip()}", search
    return (name, key, f"{name} {key}", search) if name else (key, kind, key, search)


def _anchors(report: Row) -> dict[str, int]:
    return {entry["where"]: position for position, entry in enumerate(report["declared"])}
