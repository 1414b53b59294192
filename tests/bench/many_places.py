# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Share all workloads of many accounts and regions with one account, as a competent user of boto3 writes it.

Usage: python tests/bench/many_places.py PLACES.json [--threads N]

PLACES.json has `accounts` (a list of {account_id, role_arn}), `regions` and `shared_with`, an account. A role is
assumed once for each account; every place has a client of its own, made from one session, whose service model is read
once; existing shares are unchanged. A client is released when its account and Region is done. Prints {seconds, ...}:
without the start of Python and the imports.
"""

from __future__ import annotations

import argparse
import json
import resource
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
from boto3_script import list_all
from botocore.config import Config

CONFIG = Config(retries={"mode": "standard"}, max_pool_connections=1)


class Places:
    """Clients by account and region, of one session."""

    def __init__(self, threads: int) -> None:
        self._session = boto3.Session()
        self._sts = self._session.client(
            "sts", config=Config(retries={"mode": "standard"}, max_pool_connections=threads)
        )
        # Making a client from a session is not thread-safe: boto3, "Multithreading or multiprocessing with clients".
        self._lock = threading.Lock()
        self.seconds_making_clients = 0.0

    def keys(self, account: dict[str, str]) -> dict[str, str]:
        """Assume the account's role: what `client` takes."""
        keys = self._sts.assume_role(RoleArn=account["role_arn"], RoleSessionName="script")["Credentials"]
        return {
            "aws_access_key_id": keys["AccessKeyId"],
            "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys["SessionToken"],
        }

    def client(self, keys: dict[str, str], region: str) -> Any:
        with self._lock:
            start = time.thread_time()
            client = self._session.client("wellarchitected", region_name=region, config=CONFIG, **keys)
            self.seconds_making_clients += time.thread_time() - start
        return client


def share_all(client: Any, owner: str, shared_with: str) -> int:
    """Share every workload that the account `owner` has in the client's region, where it is not: how many were."""
    shared = 0
    for workload in list_all(client.list_workloads, "WorkloadSummaries"):
        if workload["Owner"] != owner:
            continue
        workload_id = workload["WorkloadId"]
        shares = list_all(client.list_workload_shares, "WorkloadShareSummaries", WorkloadId=workload_id)
        if shared_with not in {share["SharedWith"] for share in shares}:
            client.create_workload_share(WorkloadId=workload_id, SharedWith=shared_with, PermissionType="READONLY")
            shared += 1
    return shared


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", type=Path)
    parser.add_argument("--threads", type=int, default=32)
    arguments = parser.parse_args()
    asked = json.loads(arguments.places.read_text(encoding="utf-8"))

    start = time.perf_counter()
    places = Places(arguments.threads)

    def share_place(place: tuple[str, dict[str, str], str]) -> int:
        owner, keys, region = place
        return share_all(places.client(keys, region), owner, asked["shared_with"])

    with ThreadPoolExecutor(arguments.threads) as pool:
        keys = pool.map(places.keys, asked["accounts"])
        owners = zip((account["account_id"] for account in asked["accounts"]), keys)
        work = [(owner, keys, region) for owner, keys in owners for region in asked["regions"]]
        shared = sum(pool.map(share_place, work))
    used = resource.getrusage(resource.RUSAGE_SELF)
    figures = {
        "seconds": time.perf_counter() - start,
        "shared": shared,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_mib": used.ru_maxrss / 1024,
        "client_ms": places.seconds_making_clients / len(work) * 1000,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
