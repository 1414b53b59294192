# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Made-up owners and shares for the report, always the same ones."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

KINDS = {"workload": "workload", "lens": "lens", "template": "review-template", "profile": "profile"}
SYSTEMS = ("payments", "ledger", "checkout", "search", "identity", "catalog", "pricing", "loyalty", "risk", "mailing")
STAGES = ("production", "staging", "archive", "analytics")
TEAMS = (
    "Analytics",
    "Billing",
    "Data lake",
    "Fraud",
    "Logistics",
    "Mobile",
    "Networking",
    "Security",
    "Support",
    "Web",
)
STATUSES = ("ACCEPTED", "PENDING", "EXPIRED", "REJECTED", "REVOKED")
WEIGHTS = (86, 6, 4, 2, 2)
ORGANIZATION = "o-abcdefghij"
NO_SHARING = "Organization sharing is not enabled. Enable it in the global settings, then share again."


def resource(kind: str, name: str, number: int, account: str = "111122223333") -> dict[str, str]:
    """A resource as wa_share_info returns it."""
    identity = f"{number:032x}"
    arn = f"arn:aws:wellarchitected:eu-west-1:{account}:{KINDS[kind]}/{identity}"
    return {"kind": kind, "id": identity if kind == "workload" else arn, "arn": arn, "name": name}


def share(shared_with: str, status: str = "ACCEPTED", permission: str | None = None, **more: str) -> dict[str, Any]:
    """A share as wa_share_info returns it; its ID follows from the rest unless given."""
    identity = random.Random(f"{shared_with} {more}").randbytes(16).hex()
    return {
        "shared_with": shared_with,
        "share_id": identity,
        "status": status,
        "status_message": None,
        "permission_type": permission,
        **more,
    }


def accounts(count: int) -> dict[str, str]:
    """Names by account ID."""
    pairs = product(
        TEAMS, ("", " test", " sandbox", " audit"), ("", " EU", " US", " APAC", " LATAM", " CN", " IN", " CA")
    )
    return {f"{200000000000 + 7919 * n:012d}": "".join(pair) for n, pair in zip(range(count), pairs)}


def landscape(resources: int, principals: int, density: float = 1.0) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Resources of all kinds with shares of all statuses, some with an organization; and the accounts' names."""
    chance = random.Random(7)
    known = accounts(principals - 1)
    found = []
    for number in range(resources):
        kind = list(KINDS)[(0, 0, 1, 0, 2, 0, 1, 3)[number % 8]]
        round_ = number // 40
        name = f"{SYSTEMS[number % 10]}-{STAGES[number // 10 % 4]}{f'-{round_ + 1}' if round_ else ''}"
        shares = []
        for account in known:
            if chance.random() < density:
                permission = chance.choice(["READONLY", "READONLY", "CONTRIBUTOR"]) if kind == "workload" else None
                status = chance.choices(STATUSES, WEIGHTS)[0]
                shares.append(share(account, status, permission, share_id=chance.randbytes(16).hex()))
        if number % 5 == 2:
            permission = "READONLY" if kind == "workload" else None
            failed = number % 15 == 7
            shares.append(
                share(
                    ORGANIZATION,
                    "FAILED" if failed else "ASSOCIATED",
                    permission,
                    share_id=chance.randbytes(16).hex(),
                    status_message=NO_SHARING if failed else "",
                )
            )
        found.append({"resource": resource(kind, name, number + 1), "shares": shares})
    return found, known


def organization(
    accounts_: int, regions: tuple[str, ...], each: int, principals: tuple[str, ...]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What wa_share_info returns of many accounts and regions: its resources, and its places."""
    chance = random.Random(11)
    places = [
        {"account_id": account, "region": region, "name": name}
        for account, name in accounts(accounts_).items()
        for region in regions
    ]
    found = []
    for number, (place, turn) in enumerate(product(places, range(each)), 1):
        kind = list(KINDS)[(0, 0, 1, 2, 3)[turn % 5]]
        owned = resource(
            kind, f"{SYSTEMS[number % 10]}-{STAGES[number // 10 % 4]}-{number}", number, place["account_id"]
        )
        arn = owned["arn"].replace("eu-west-1", place["region"])
        shares = [
            share(
                principal,
                chance.choices(STATUSES, WEIGHTS)[0],
                chance.choice(["READONLY", "CONTRIBUTOR"]) if kind == "workload" else None,
                share_id=chance.randbytes(16).hex(),
            )
            for principal in principals
        ]
        where = {"arn": arn, "account_id": place["account_id"], "region": place["region"]}
        found.append({"resource": {**owned, **where}, "shares": shares})
    return found, places
