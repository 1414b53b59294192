# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of role wa_share_report: what every owner shares with whom, and what needs attention first."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ansible import template
from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ..module_utils._model.kinds import (
    DEAD_STATUSES,
    KINDS,
    LIVE_STATUSES,
)
from ..module_utils._model.principals import (
    ACCOUNT,
    ORGANIZATION,
    OU,
    ROLE,
    USER,
    Principal,
    parse_listed_principal,
    parse_principal,
)


def never_a_template(value: Any) -> Any:
    """The value, marked so that a workload named "{{ ... }}" stays text.

    Since ansible-core 2.19 only text that is marked as trusted is a template, and a filter's result is not.
    """
    return value if hasattr(template, "trust_as_template") else wrap_var(value)


DOCUMENTATION = r"""
name: share_report
short_description: Put what several owners share into one report
version_added: 1.0.0
description:
  - Puts together what M(wellarchitected.sharing.wa_share_info) returned for one or many owners, and finds what needs
    attention first.
  - The report is plain data, ready for JSON. The role P(wellarchitected.sharing.wa_share_report#role) writes it as a
    page, as CSV and as JSON.
  - Reads nothing but its arguments, not even the clock.
options:
  _input:
    description: The owners, each a list of two - the label to show, and the C(resources) that the module returned.
    type: list
    elements: list
    required: true
  now:
    description: The time in UTC, in the form V(2026-01-31T23:59:59Z).
    type: str
    required: true
  title:
    description: The title of the report.
    type: str
    default: AWS Well-Architected shares
  account_names:
    description:
      - Names to show. The keys are account IDs, or the IDs of organizations and organizational units.
      - The account of an owner that is not here goes by the owner's label.
    type: dict
    default: {}
  allowed_principals:
    description:
      - The principals that may have access. A live share with anyone else needs attention. An empty list allows nobody;
        no list, everybody.
      - An account allows its users and roles. An organization or organizational unit allows itself only.
    type: list
    elements: str
  organization:
    description:
      - The principals that make up the organization - its accounts and, if its ID is known, its ID. A live share with
        anyone else needs attention.
      - With the organization's ID here, its organizational units belong to it where they are listed by ARN, and every
        other organization is outside. Without, organizations and organizational units are not judged.
    type: list
    elements: str
  pending_days:
    description: After how many days an invitation that nobody accepted needs attention.
    type: float
    default: 3
  previous:
    description:
      - The text of the previous report in JSON, or nothing.
      - AWS tells no date of a share. The previous report says when a share was first seen.
    type: str
    default: ''
  not_read:
    description: The owners that could not be asked. The report names them.
    type: list
    elements: str
    default: []
author:
  - Contributors to the wellarchitected.sharing project (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Show what needs attention
  ansible.builtin.debug:
    msg: >-
      {{ ([['production', shared.resources]]
          | wellarchitected.sharing.share_report(now='2026-01-31T12:00:00Z')).attention }}
  vars:
    shared:
      resources:
        - resource:
            kind: workload
            id: 0123456789abcdef0123456789abcdef
            arn: arn:aws:wellarchitected:eu-west-1:111122223333:workload/0123456789abcdef0123456789abcdef
            name: payments
          shares:
            - shared_with: "444455556666"
              share_id: fedcba9876543210fedcba9876543210
              status: EXPIRED
              status_message: ""
              permission_type: READONLY
"""

RETURN = r"""
_value:
  description: The report.
  type: dict
  contains:
    title:
      description: The title.
      type: str
    changed_at:
      description: When a report first said what this one says, in UTC.
      type: str
    owners:
      description: The labels of the owners.
      type: list
      elements: str
    not_read:
      description: The owners that could not be asked.
      type: list
      elements: str
    counts:
      description:
        - C(resources), C(unshared) (resources without a share), C(principals), C(shares), C(live), C(dead),
          C(attention) (shares that need attention) and C(statuses), the count of shares by status.
      type: dict
    attention:
      description:
        - What needs attention, the most urgent first. Each has C(reason), C(label), C(advice), C(level) (V(critical),
          V(warning), or V(note), which does not count) and C(shares).
      type: list
      elements: dict
    principals:
      description: Everyone that something is shared with, each C(principal), C(kind), C(account) and C(name).
      type: list
      elements: dict
    resources:
      description:
        - Each C(owner), C(account), C(region), C(resource) and C(shares). A share has, beside what the module returns,
          C(principal), C(state) (V(live), V(dead) or V(unknown)), C(first_seen) and C(attention), a list of reasons.
      type: list
      elements: dict
    remembered:
      description: First sightings of shares that could not be read now, because an owner could not be asked.
      type: dict
"""

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
# What a report must have to be taken for one.
MARKS = {"resources", "changed_at", "remembered"}
LIVE = "live"
DEAD = "dead"
UNKNOWN = "unknown"
STATES: Mapping[str, str] = {**dict.fromkeys(LIVE_STATUSES, LIVE), **dict.fromkeys(DEAD_STATUSES, DEAD)}
CRITICAL = "critical"
WARNING = "warning"
NOTE = "note"

_ARN = re.compile(r"arn:[^:]*:wellarchitected:(?P<region>[^:]*):(?P<account>\d*):")
_OU_ARN = re.compile(r"arn:[^:]*:organizations::\d{12}:ou/(?P<organization>o-[a-z0-9]+)/")

Row = dict[str, Any]


@dataclass(frozen=True)
class Circumstances:
    """What a share is judged by, beside itself."""

    pending_before: str
    """An invitation that was seen at this time, or before, has been waiting for long."""
    allowed: frozenset[Principal] | None
    organization: frozenset[Principal] | None

    def is_outside(self, principal: Principal) -> bool:
        """Whether the principal is known not to be of the organization."""
        if self.organization is None or principal.is_allowed_by(self.organization):
            return False
        if not principal.in_organizations:
            return True
        own = {one.identity for one in self.organization if one.kind == ORGANIZATION}
        if not own:
            return False
        if principal.kind == ORGANIZATION:
            return True
        found = _OU_ARN.match(principal.text)
        return bool(found) and found["organization"] not in own


@dataclass(frozen=True)
class Reason:
    """Why a share needs attention."""

    name: str
    level: str
    label: str
    advice: str
    applies: Callable[[Row, Principal, Circumstances], bool] = field(compare=False)


def _status(status: str) -> Callable[[Row, Principal, Circumstances], bool]:
    return lambda share, _principal, _circumstances: share["status"] == status


def _live(share: Row) -> bool:
    return share["state"] == LIVE


# The most urgent first. A share may have several.
REASONS: Sequence[Reason] = (
    Reason("failed", CRITICAL, "Failed", "No access. Mend the cause, then share again.", _status("FAILED")),
    Reason(
        "not_allowed",
        CRITICAL,
        "Not in the allow list",
        "Has access, or may accept it. Remove the share, or allow the principal.",
        lambda share, principal, now: (
            _live(share) and now.allowed is not None and not principal.is_allowed_by(now.allowed)
        ),
    ),
    Reason(
        "outside",
        CRITICAL,
        "Outside the organization",
        "Has access, or may accept it. Check that this is meant.",
        lambda share, principal, now: _live(share) and now.is_outside(principal),
    ),
    Reason("expired", WARNING, "Expired", "Not accepted within 7 days. Share again.", _status("EXPIRED")),
    Reason("rejected", WARNING, "Rejected", "The recipient said no. Ask, before sharing again.", _status("REJECTED")),
    Reason("revoked", WARNING, "Revoked", "Access has ended. Share again, or remove the share.", _status("REVOKED")),
    Reason(
        "pending_long",
        WARNING,
        "Waiting for long",
        "Nobody accepted yet, and the invitation expires within 7 days of being sent.",
        lambda share, _principal, now: share["status"] == "PENDING" and share["first_seen"] <= now.pending_before,
    ),
    Reason(
        "wide",
        WARNING,
        "Whole organizations",
        "Every account of the organization has access.",
        lambda share, principal, _now: _live(share) and principal.kind == ORGANIZATION,
    ),
    Reason(
        "unknown",
        WARNING,
        "Status not known",
        "AWS reports a status that this version does not know.",
        lambda share, _principal, _now: share["state"] == UNKNOWN,
    ),
    Reason(
        "pending",
        NOTE,
        "Waiting for acceptance",
        "The invitation expires within 7 days of being sent.",
        lambda share, _principal, now: share["status"] == "PENDING" and share["first_seen"] > now.pending_before,
    ),
)


def share_report(
    owners: Iterable[tuple[str, Sequence[Mapping[str, Any]]]],
    now: str,
    title: str = "AWS Well-Architected shares",
    account_names: Mapping[str, str] | None = None,
    allowed_principals: Iterable[str] | None = None,
    organization: Iterable[str] | None = None,
    pending_days: float = 3,
    previous: str = "",
    not_read: Sequence[str] = (),
) -> Row:
    """The report on ``owners``: shapes and meaning are in RETURN.

    Raises AnsibleFilterError where a list names something that is no principal, or ``previous`` is no report.
    """
    owners = [(str(label), listed) for label, listed in owners]
    before = _previous(previous)
    seen = _first_sightings(before)
    circumstances = Circumstances(
        pending_before=(_time(now) - timedelta(days=float(pending_days))).strftime(TIME_FORMAT),
        allowed=_principals(allowed_principals, "allowed principals"),
        organization=_principals(organization, "principals of the organization"),
    )
    principals: dict[str, Principal] = {}
    resources = _resources(owners)
    for resource in resources:
        resource["shares"] = [
            _share(share, resource, seen, now, principals, circumstances) for share in resource["shares"]
        ]
    report = {
        "title": str(title),
        "changed_at": now,
        "owners": sorted({label for label, _listed in owners}),
        "not_read": sorted(str(owner) for owner in not_read),
        "counts": _counts(resources, principals),
        "attention": _attention(resources),
        "principals": _named(principals, _names(account_names, resources)),
        "resources": resources,
        "remembered": _remembered(seen, resources) if not_read else {},
    }
    if before and {**before, "changed_at": now} == report:
        report["changed_at"] = before["changed_at"]
    return never_a_template(report)


def flat_shares(report: Mapping[str, Any]) -> list[Row]:
    """The report's shares in one list, each with its resource and principal spelled out: what the CSV has."""
    principals = {principal["principal"]: principal for principal in report["principals"]}
    rows = []
    for resource in report["resources"]:
        of_resource = {
            "owner": resource["owner"],
            "owner_account": resource["account"],
            "region": resource["region"],
            "kind": resource["resource"]["kind"],
            "resource_name": resource["resource"]["name"],
            "resource_id": resource["resource"]["id"],
            "resource_arn": resource["resource"]["arn"],
        }
        for share in resource["shares"]:
            principal = principals[share["principal"]]
            rows.append(
                {
                    **of_resource,
                    "shared_with": share["shared_with"],
                    "principal_kind": principal["kind"],
                    "account": principal["account"],
                    "account_name": principal["name"],
                    "permission_type": share["permission_type"],
                    "status": share["status"],
                    "state": share["state"],
                    "status_message": share["status_message"],
                    "attention": share["attention"],
                    "first_seen": share["first_seen"],
                    "share_id": share["share_id"],
                }
            )
    return rows


def _resources(owners: Iterable[tuple[str, Sequence[Mapping[str, Any]]]]) -> list[Row]:
    """Every resource once, with every share once, by kind and name: two owners may be one account."""
    found: dict[str, Row] = {}
    for label, listed in owners:
        for entry in listed:
            given = entry["resource"]
            resource = {key: str(given.get(key) or "") for key in ("kind", "id", "arn", "name")}
            arn = _ARN.match(resource["arn"])
            row = found.setdefault(
                resource["arn"] or f"{label} {resource['kind']} {resource['id']}",
                {
                    "owner": label,
                    "account": arn["account"] if arn else "",
                    "region": arn["region"] if arn else "",
                    "resource": resource,
                    "shares": {},
                },
            )
            for share in entry.get("shares") or ():
                row["shares"].setdefault(share.get("share_id") or share["shared_with"], share)
    order = {kind: position for position, kind in enumerate(KINDS)}
    rows = [{**row, "shares": list(row["shares"].values())} for row in found.values()]
    return sorted(
        rows,
        key=lambda row: (
            order.get(row["resource"]["kind"], len(order)),
            row["resource"]["name"].casefold(),
            row["owner"],
            row["region"],
            row["resource"]["arn"],
        ),
    )


def _share(
    share: Mapping[str, Any],
    resource: Row,
    seen: Mapping[str, str],
    now: str,
    principals: dict[str, Principal],
    circumstances: Circumstances,
) -> Row:
    principal = parse_listed_principal(str(share["shared_with"]))
    key = _key(principal)
    principals.setdefault(key, principal)
    status = str(share["status"])
    row = {
        "shared_with": principal.text,
        "principal": key,
        "share_id": str(share.get("share_id") or ""),
        "status": status,
        "state": STATES.get(status, UNKNOWN),
        "status_message": str(share.get("status_message") or ""),
        "permission_type": str(share.get("permission_type") or ""),
    }
    row["first_seen"] = seen.get(_sighting(row, resource), now)
    row["attention"] = [reason.name for reason in REASONS if reason.applies(row, principal, circumstances)]
    return row


def _key(principal: Principal) -> str:
    """What the principal is told apart by, as people would write it."""
    if principal.kind in (USER, ROLE):
        account, _slash, name = principal.identity.partition("/")
        return f"{account}:{principal.kind}/{name}"
    return principal.identity


def _named(principals: Mapping[str, Principal], names: Mapping[str, str]) -> list[Row]:
    """The principals with their names: accounts with their users and roles first, by name."""
    rows = [
        {
            "principal": key,
            "kind": principal.kind,
            "account": principal.account or "",
            "name": names.get(principal.account or principal.identity, ""),
        }
        for key, principal in principals.items()
    ]
    order = {kind: position for position, kind in enumerate((ORGANIZATION, OU, ACCOUNT, USER, ROLE))}
    kinds = {USER: ACCOUNT, ROLE: ACCOUNT}
    return sorted(
        rows,
        key=lambda row: (
            order.get(kinds.get(row["kind"], row["kind"]), len(order)),
            not row["name"],
            row["name"].casefold(),
            row["principal"],
        ),
    )


def _names(given: Mapping[str, str] | None, resources: Sequence[Row]) -> dict[str, str]:
    """Names by account, organization or OU. An account that is not given goes by its owner's label, if it has one."""
    labels: dict[str, set[str]] = {}
    for resource in resources:
        labels.setdefault(resource["account"], set()).add(resource["owner"])
    names = {account: min(owners) for account, owners in labels.items() if account and len(owners) == 1}
    names.update((parse_listed_principal(str(key)).identity, str(name)) for key, name in (given or {}).items() if name)
    return names


def _counts(resources: Sequence[Row], principals: Mapping[str, Principal]) -> Row:
    shares = [share for resource in resources for share in resource["shares"]]
    states = Counter(share["state"] for share in shares)
    statuses = Counter(share["status"] for share in shares)
    noted = {reason.name for reason in REASONS if reason.level == NOTE}
    return {
        "resources": len(resources),
        "unshared": sum(not resource["shares"] for resource in resources),
        "principals": len(principals),
        "shares": len(shares),
        "live": states[LIVE],
        "dead": states[DEAD],
        "attention": sum(not noted.issuperset(share["attention"]) for share in shares),
        "statuses": {status: statuses[status] for status in _in_order(statuses)},
    }


def _in_order(statuses: Iterable[str]) -> list[str]:
    known = list(STATES)
    return sorted(statuses, key=lambda status: (known.index(status) if status in known else len(known), status))


def _attention(resources: Sequence[Row]) -> list[Row]:
    """The reasons that apply to any share, each with its shares."""
    found: dict[str, list[Row]] = {reason.name: [] for reason in REASONS}
    for resource in resources:
        for share in resource["shares"]:
            for name in share["attention"]:
                found[name].append(
                    {
                        "owner": resource["owner"],
                        "kind": resource["resource"]["kind"],
                        "resource": resource["resource"]["name"] or resource["resource"]["id"],
                        "principal": share["principal"],
                        "status": share["status"],
                        "status_message": share["status_message"],
                        "first_seen": share["first_seen"],
                        "share_id": share["share_id"],
                    }
                )
    return [
        {
            "reason": reason.name,
            "level": reason.level,
            "label": reason.label,
            "advice": reason.advice,
            "shares": found[reason.name],
        }
        for reason in REASONS
        if found[reason.name]
    ]


def _sighting(share: Mapping[str, Any], resource: Mapping[str, Any]) -> str:
    """What a share is known by from one report to the next."""
    return share["share_id"] or f"{resource['resource']['arn']} {share['principal']}"


def _first_sightings(report: Mapping[str, Any] | None) -> dict[str, str]:
    """When each share of the previous report was first seen."""
    if not report:
        return {}
    return {
        **report["remembered"],
        **{
            _sighting(share, resource): share["first_seen"]
            for resource in report["resources"]
            for share in resource["shares"]
        },
    }


def _remembered(seen: Mapping[str, str], resources: Sequence[Row]) -> dict[str, str]:
    """First sightings of shares that are not in this report, so that an owner's bad day does not lose them."""
    here = {_sighting(share, resource) for resource in resources for share in resource["shares"]}
    return {key: seen[key] for key in sorted(seen) if key not in here}


def _previous(text: str) -> Row | None:
    if not text or not text.strip():
        return None
    try:
        report = json.loads(text)
    except ValueError:
        report = None
    if not isinstance(report, dict) or not MARKS.issubset(report):
        raise AnsibleFilterError(
            "the JSON file that this report would replace is not such a report: "
            "move it away, or give the report another path"
        )
    return report


def _principals(texts: Iterable[str] | None, what: str) -> frozenset[Principal] | None:
    if texts is None:
        return None
    found, problems = set(), []
    for text in texts:
        try:
            found.add(parse_principal(text))
        except ValueError as error:
            problems.append(str(error))
    if problems:
        raise AnsibleFilterError(f"in the {what}: {'; '.join(problems)}")
    return frozenset(found)


def _time(text: str) -> datetime:
    try:
        return datetime.strptime(text, TIME_FORMAT)
    except ValueError as error:
        raise AnsibleFilterError(f"now is {text!r}, not a time such as 2026-01-31T23:59:59Z") from error


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"share_report": share_report}
