# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The endpoint for tests: started in the test's own process, or one that runs already."""

from __future__ import annotations

import gc
import http.client
import importlib
import json
import threading
from collections import Counter
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import Credentials, ReadOnlyCredentials

OWNER = "123456789012"
#: no word, since Ansible masks secrets wherever they occur: with "test", every name that has "test" in it
SECRET_KEY = "EXAMPLE-not-a-real-secret-key"
PASSED = {"aws_access_key_id": "test", "aws_secret_access_key": SECRET_KEY}
#: the owner's keys in GovCloud, where those of other partitions are unknown
PASSED_IN_GOVCLOUD = {"aws_access_key_id": "test-aws-us-gov", "aws_secret_access_key": SECRET_KEY}

ALLOW_ANYONE = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}


@cache
def session() -> boto3.Session:
    """The one session of the process: it keeps the service models that it read."""
    return boto3.Session(region_name="us-east-1", **PASSED)


def warm_up() -> None:
    """Load what the first call to each service would: for runners that fork for each test, as ansible-test does."""
    from .calls import Call
    from .front import Front, served_regions

    served_regions()
    importlib.import_module(f"{__package__}.server")
    front = Front()
    for service, operation in (("wellarchitected", "GetGlobalSettings"), ("sts", "GetCallerIdentity")):
        session().client(service)
        front.call(Call(service, "us-east-1", OWNER, operation))
    front.reset()
    gc.collect()
    gc.freeze()


class _KeysIn(Credentials):
    """The keys of an account: others after a reset, while clients stay."""

    def __init__(self, account: str | None, partition: str, emulator: Emulator) -> None:
        super().__init__("", "")
        self._of = (account, partition)
        self._emulator = emulator

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        keys = self._emulator.credentials(*self._of)
        token = keys.get("aws_session_token")
        return ReadOnlyCredentials(keys["aws_access_key_id"], keys["aws_secret_access_key"], token)


class Emulator:
    """The local endpoint, with a client for every account.

    `with Emulator(settings={...}) as e:` starts one in a thread, and there can be one at a time in a process: moto's
    state is the process's. `Emulator(url=...)` uses one that runs, which is neither reset nor stopped.
    `settings` are set on entry.
    """

    def __init__(self, settings: dict[str, Any] | None = None, url: str | None = None):
        self._initial = settings or {}
        self._server: Any = None
        self._clients: dict[tuple[str, str | None, str], Any] = {}
        self._credentials: dict[tuple[str, str], dict[str, str]] = {}
        self._sessions: dict[tuple[str | None, str], boto3.Session] = {}
        self._control = threading.local()
        self.url = url or ""

    def __enter__(self) -> Emulator:
        if not self.url:
            from .front import Front
            from .server import Server

            front = Front()
            front.reset()
            self._server = Server(front)
            self._server.start()
            self.url = self._server.url
        if self._initial:
            self.settings(**self._initial)
        return self

    def __exit__(self, *_problem: object) -> None:
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        self._sessions.clear()
        self._control = threading.local()
        if self._server:
            self._server.stop()
            self._server, self.url = None, ""

    # The control API

    def control(self, method: str, path: str, document: Any = None) -> Any:
        """Make a control request. Returns its JSON; raises ValueError with the endpoint's words where it is refused."""
        body = None if document is None else json.dumps(document)
        try:
            status, text = self._ask(method, path, body)
        except ConnectionError:  # The endpoint closed the connection that was kept.
            status, text = self._ask(method, path, body)
        answer = json.loads(text)
        if status != 200:
            raise ValueError(answer["error"])
        return answer

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, bytes]:
        """Send a control request on this thread's connection, which is kept: status and body of the answer."""
        connection = getattr(self._control, "connection", None)
        if connection is None:
            address = urlsplit(self.url)
            connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
            self._control.connection = connection
        try:
            connection.request(method, f"/_emulator/{path}", body)
            response = connection.getresponse()
            return response.status, response.read()
        except BaseException:
            connection.close()
            raise

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Change settings, and return all."""
        return self.control("POST", "settings", changes)

    def fault(self, fault: str, **script: Any) -> None:
        """Script a fault: see the README for the words."""
        self.control("POST", "faults", {"fault": fault, **script})

    def faults(self) -> list[dict[str, Any]]:
        """The scripted faults, with how many calls each saw (seen) and befell (fired)."""
        return self.control("GET", "faults")["faults"]

    def clear_faults(self) -> None:
        self.control("DELETE", "faults")

    def record(self, service: str = "wellarchitected") -> list[dict[str, Any]]:
        """The calls that reached the endpoint, oldest first; of all services where `service` is empty."""
        return self.control("GET", f"record?service={service}" if service else "record")["calls"]

    def summary(self, service: str = "wellarchitected") -> dict[str, Any]:
        """Counts of the record: total, by_operation, errors, most_at_once."""
        return self.control("GET", f"record/summary?service={service}" if service else "record/summary")

    def places(self, service: str = "wellarchitected") -> list[dict[str, Any]]:
        """The summary of each place that was called for: account, region, total, by_operation, errors, most_at_once."""
        return self.control("GET", f"record/places?service={service}" if service else "record/places")["places"]

    def calls(self, *operations: str) -> dict[str, int]:
        """How often each of `operations` was called; without any, every Well-Architected operation that was."""
        counts = Counter(call["operation"] for call in self.record())
        return {name: counts[name] for name in operations or sorted(counts)}

    def clear_record(self) -> None:
        self.control("DELETE", "record")

    def advance(self, seconds: float = 0, days: float = 0) -> None:
        """Move the service's clock."""
        self.control("POST", "clock", {"advance_seconds": seconds + days * 24 * 3600})

    def shares(self) -> list[dict[str, Any]]:
        """Every share of every account."""
        return self.control("GET", "shares")["shares"]

    def force(self, share_id: str, status: str, message: str | None = None) -> None:
        """Give a share a status."""
        self.control("POST", "shares", {"share_id": share_id, "status": status, "status_message": message})

    def seed(self, **asked: Any) -> list[dict[str, Any]]:
        """Make many resources and shares at once."""
        return self.control("POST", "seed", asked)["resources"]

    def reset(self) -> None:
        """Forget everything, also the settings that it was started with."""
        self.control("POST", "reset")
        self._credentials.clear()

    # Clients

    def credentials(self, account: str | None = None, partition: str = "aws") -> dict[str, str]:
        """aws_access_key_id, aws_secret_access_key and aws_session_token of a role in `account`; None: the owner's.

        Those of one `partition` are not good in another.
        """
        if account is None:
            return dict(PASSED_IN_GOVCLOUD if partition == "aws-us-gov" else PASSED)
        key = (account, partition)
        if key not in self._credentials:
            self._credentials[key] = self.assume(f"arn:{partition}:iam::{account}:role/emulator")
        return dict(self._credentials[key])

    def client(self, service: str = "wellarchitected", account: str | None = None, region: str = "us-east-1") -> Any:
        """A boto3 client that does not retry, for the owner (123456789012), or for another account by a role."""
        key = (service, account, region)
        partition = "aws-us-gov" if region.startswith("us-gov-") else "aws"
        self.credentials(account, partition)  # A session of the role begins now, not with the client's first call.
        if key not in self._clients:
            self._clients[key] = self._client(self._session_of(account, partition), service, region)
        return self._clients[key]

    def _session_of(self, account: str | None, partition: str) -> boto3.Session:
        if (account, partition) == (None, "aws"):
            return session()
        if (account, partition) not in self._sessions:
            underlying = botocore.session.get_session()
            underlying.register_component("data_loader", session()._session.get_component("data_loader"))
            underlying._credentials = _KeysIn(account, partition, self)
            self._sessions[account, partition] = boto3.Session(botocore_session=underlying)
        return self._sessions[account, partition]

    def client_of(
        self, credentials: dict[str, str], service: str = "wellarchitected", region: str = "us-east-1"
    ) -> Any:
        """A boto3 client that does not retry, with these keys: see `credentials`."""
        return self._client(session(), service, region, **credentials)

    def _client(self, of: boto3.Session, service: str, region: str, **credentials: str) -> Any:
        return of.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            config=Config(retries={"total_max_attempts": 1}, max_pool_connections=50, read_timeout=20),
            **credentials,
        )

    def make_roles(
        self,
        name: str,
        accounts: list[str],
        *policies: dict[str, Any],
        trust: dict[str, Any] | None = None,
        partition: str = "aws",
    ) -> list[str]:
        """Make an IAM role of this name, with these policies, in each account: their ARNs.

        `trust`: by default, everybody.
        """
        asked = {"name": name, "accounts": accounts, "policies": policies, "trust": trust, "partition": partition}
        return list(self.control("POST", "roles", asked)["roles"])

    def assume(self, role_arn: str, credentials: dict[str, str] | None = None) -> dict[str, str]:
        """Assume a role, as the owner or with other credentials: the keys of a new session, as `credentials`."""
        region = "us-gov-west-1" if role_arn.startswith("arn:aws-us-gov:") else "us-east-1"
        sts = self.client_of(credentials, "sts", region) if credentials else self.client("sts", region=region)
        return _keys(sts.assume_role(RoleArn=role_arn, RoleSessionName="emulator"))

    def role(
        self,
        account: str,
        name: str,
        *policies: dict[str, Any],
        trust: dict[str, Any] | None = None,
        partition: str = "aws",
    ) -> dict[str, str]:
        """Make an IAM role with these policies, and assume it: credentials, as above. `trust`: by default, everybody.

        Where `iam_enforced` is on it is too late for that.
        """
        (arn,) = self.make_roles(name, [account], *policies, trust=trust, partition=partition)
        return self.assume(arn)

    # Scenes

    def create_workload(self, name: str, account: str | None = None, region: str = "us-east-1") -> dict[str, str]:
        """A workload: {id, arn, name}, where the id is what share requests take."""
        made = self.client(account=account, region=region).create_workload(
            WorkloadName=name,
            Description="A scene",
            Environment="PRODUCTION",
            AwsRegions=[region],
            ReviewOwner="owner@example.com",
            Lenses=["wellarchitected"],
        )
        return {"id": made["WorkloadId"], "arn": made["WorkloadArn"], "name": name}

    def create_lens(
        self, name: str, publish: bool = True, account: str | None = None, region: str = "us-east-1"
    ) -> dict[str, str]:
        """A custom lens: {id, arn, name}, where the id is the ARN."""
        client = self.client(account=account, region=region)
        document = {"schemaVersion": "2021-11-01", "name": name, "description": "A scene", "pillars": []}
        arn = client.import_lens(JSONString=json.dumps(document))["LensArn"]
        if publish:
            client.create_lens_version(LensAlias=arn, LensVersion="1.0")
        return {"id": arn, "arn": arn, "name": name}

    def create_template(self, name: str, account: str | None = None, region: str = "us-east-1") -> dict[str, str]:
        """A review template: {id, arn, name}, where the id is the ARN."""
        arn = self.client(account=account, region=region).create_review_template(
            TemplateName=name, Description="A scene", Lenses=["wellarchitected"]
        )["TemplateArn"]
        return {"id": arn, "arn": arn, "name": name}

    def create_profile(self, name: str, account: str | None = None, region: str = "us-east-1") -> dict[str, str]:
        """A profile: {id, arn, name}, where the id is the ARN."""
        arn = self.client(account=account, region=region).create_profile(
            ProfileName=name, ProfileDescription="A scene", ProfileQuestions=[]
        )["ProfileArn"]
        return {"id": arn, "arn": arn, "name": name}


def _keys(assumed: dict[str, Any]) -> dict[str, str]:
    keys = assumed["Credentials"]
    return {
        "aws_access_key_id": keys["AccessKeyId"],
        "aws_secret_access_key": keys["SecretAccessKey"],
        "aws_session_token": keys["SessionToken"],
    }
