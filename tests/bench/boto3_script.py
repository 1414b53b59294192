# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Share workloads with accounts as a competent user of boto3 writes it: existing shares are unchanged.

Usage: python tests/bench/boto3_script.py RESOURCES.json [--threads N]

RESOURCES.json has a list {workload, shared_with: [account, ...]} under wa_share_resources. Prints how long it took, in
seconds, from before the client is made to the last answer: without the start of Python and the imports.
"""

from __future__ import annotations

import argparse
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config


def list_all(operation: Any, key: str, **parameters: Any) -> list[dict[str, Any]]:
    """Return all items of a list operation, through all its pages."""
    found: list[dict[str, Any]] = []
    while True:
        answer = operation(MaxResults=50, **parameters)
        found += answer[key]
        if not answer.get("NextToken"):
            return found
        parameters["NextToken"] = answer["NextToken"]


def missing_accounts(client: Any, workload_id: str, accounts: list[str]) -> list[str]:
    """Return the accounts that the workload is not shared with."""
    shares = list_all(client.list_workload_shares, "WorkloadShareSummaries", WorkloadId=workload_id)
    there = {share["SharedWith"] for share in shares}
    return [account for account in accounts if account not in there]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("resources", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    resources = json.loads(arguments.resources.read_text(encoding="utf-8"))["wa_share_resources"]

    start = time.perf_counter()
    config = Config(retries={"mode": "standard"}, max_pool_connections=arguments.threads)
    client = boto3.client("wellarchitected", config=config)
    workloads = list_all(client.list_workloads, "WorkloadSummaries")
    ids = {workload["WorkloadName"]: workload["WorkloadId"] for workload in workloads}

    def find_missing(resource: dict[str, Any]) -> list[tuple[str, str]]:
        workload_id = ids[resource["workload"]]
        return [(workload_id, account) for account in missing_accounts(client, workload_id, resource["shared_with"])]

    def share(wanted: tuple[str, str]) -> None:
        client.create_workload_share(WorkloadId=wanted[0], SharedWith=wanted[1], PermissionType="READONLY")

    if arguments.threads > 1:
        with ThreadPoolExecutor(arguments.threads) as pool:
            missing = [one for found in pool.map(find_missing, resources) for one in found]
            list(pool.map(share, missing))
    else:
        for resource in resources:
            for wanted in find_missing(resource):
                share(wanted)
    print(json.dumps({"seconds": time.perf_counter() - start}))


if __name__ == "__main__":
    main()
