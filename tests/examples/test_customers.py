# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""examples/customers: its jobs run for a customer in each partition, with the credentials that its credential type
injects, and with the policies and roles of docs/iam."""

from __future__ import annotations

import json
import shutil
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml
from ansible.parsing.plugin_docs import read_docstring_from_python_file

from tests.emulator.testing import Emulator

from .conftest import Run
from .documents import ROOT
from .policies import HOME_REGIONS, MANAGEMENT, make_organization, policy
from .templates import deploy_stackset

FOLDER = ROOT / "examples" / "customers"
NODE = "777788889999"
AWX = Path(sysconfig.get_path("purelib"), "ansible_collections", "awx", "awx", "plugins", "modules")
# The modules of awx.awx that take what the lists of controller.yml have.
MODULES = {
    "aap_organizations": "organization",
    "controller_credential_types": "credential_type",
    "controller_credentials": "credential",
    "controller_inventories": "inventory",
    "controller_inventory_sources": "inventory_source",
    "controller_projects": "project",
    "controller_schedules": "schedule",
    "controller_templates": "job_template",
}


@dataclass(frozen=True)
class Customer:
    """A customer of the example: its partition, hub, inventory and accounts."""

    name: str
    partition: str
    hub: str
    inventory: str
    accounts: tuple[str, ...]

    @property
    def external_id(self) -> str:
        return f"{self.name}-2026"

    @property
    def region(self) -> str:
        return HOME_REGIONS[self.partition]

    def role(self, name: str, account: str | None = None) -> str:
        return f"arn:{self.partition}:iam::{account or self.hub}:role/{name}"


CUSTOMERS = (
    Customer("customer-a", "aws", "123456789012", "organization_accounts.yml", ("111122223333", "444455556666")),
    Customer("customer-b", "aws-us-gov", "444455556666", "accounts.yml", ("222233334444", "555566667777")),
)


class _Loader(yaml.SafeLoader):
    """Reads Ansible's YAML."""


_Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


def read(name: str) -> Any:
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), _Loader)


def set_customer(emulator: Emulator, customer: Customer) -> None:
    """The customer's organization, with a hub, and accounts that have workloads and the StackSet's roles."""
    region = customer.region
    organization = make_organization(emulator, MANAGEMENT, [customer.hub, *customer.accounts], region)
    client = emulator.client("organizations", MANAGEMENT, region)
    root = client.list_roots()["Roots"][0]["Id"]
    unit = client.create_organizational_unit(ParentId=root, Name="Workloads")["OrganizationalUnit"]["Id"]
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": NODE},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": customer.external_id}},
            }
        ],
    }
    policies = [policy(name, organization) for name in ("hub", "owner", "auditor")]
    emulator.make_roles("Hub", [customer.hub], *policies, trust=trust, partition=customer.partition)
    emulator.make_roles("Inventory", [MANAGEMENT], policy("management"), trust=trust, partition=customer.partition)
    emulator.create_lens("Platform Standards", account=customer.hub, region=region)
    for account in customer.accounts:
        client.move_account(AccountId=account, SourceParentId=root, DestinationParentId=unit)
        for name in ("Payments", "Sandbox 1"):
            emulator.create_workload(name, account=account, region=region)
        deploy_stackset(
            emulator,
            account,
            organization,
            region,
            HubAccountId=customer.hub,
            HubRoleArn=customer.role("Hub"),
            ExternalId=customer.external_id,
            Kinds="all",
        )


def inject(emulator: Emulator, customer: Customer, role: str, folder: Path) -> dict[str, str]:
    """The environment that the credential type of controller.yml makes for a job. The node's role is a profile here."""
    (kind,) = read("controller.yml")["controller_credential_types"]
    inputs = {"role_arn": role, "external_id": customer.external_id, "region": customer.region}
    assert kind["inputs"]["required"] == list(inputs)
    config = jinja2.Template(kind["injectors"]["file"]["template"]).render(inputs)
    keys = emulator.credentials(NODE, customer.partition)
    node = "\n".join(["[profile node]", *(f"{name} = {value}" for name, value in keys.items())])
    file = folder / f"{customer.name}.{role.rpartition('/')[2]}.cfg"
    changed = config.replace("credential_source = Ec2InstanceMetadata", "source_profile = node")
    assert changed != config
    file.write_text(f"{changed}\n\n{node}\n", encoding="utf-8")
    environment = kind["injectors"]["env"]
    return {name: jinja2.Template(text).render(tower={"filename": str(file)}) for name, text in environment.items()} | {
        "AWS_REGION": customer.region
    }


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The example, where commands run."""
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.mark.parametrize("customer", CUSTOMERS, ids=lambda customer: customer.name)
def test_the_jobs_of_a_customer_run(emulator: Emulator, run: Run, repository: Path, customer: Customer) -> None:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    everything = {"Version": "2012-10-17", "Statement": [statement]}
    emulator.make_roles("emulator", [NODE], everything, partition=customer.partition)
    set_customer(emulator, customer)
    hub = inject(emulator, customer, customer.role("Hub"), repository)
    management = inject(emulator, customer, customer.role("Inventory", MANAGEMENT), repository)
    emulator.settings(iam_enforced=True)

    # As automation controller does: the inventory source has a credential of its own.
    inventory = repository / "customers" / customer.name / customer.inventory
    text = run(["ansible-inventory", "-i", str(inventory), "--list", "--yaml"], customer.name, more=management)
    listed = inventory.with_name("listed.yml")
    listed.write_text(text, encoding="utf-8")
    # The other customer's report is missing. The page over all of them names it, and shows this one.
    playbooks = ["collect.yml", "onboard.yml", "audit.yml", "offboard.yml", "report.yml"]
    run(["ansible-playbook", "-i", str(listed), *playbooks], customer.name, more=hub)

    shares = {(share["kind"], share["owner"], share["shared_with"], share["status"]) for share in emulator.shares()}
    assert shares == {
        *(("workload", account, customer.hub, "ACCEPTED") for account in customer.accounts),
        *(("lens", customer.hub, account, "ACCEPTED") for account in customer.accounts),
    }
    evidence = json.loads((repository / f"{customer.name}-evidence.json").read_text(encoding="utf-8"))
    assert evidence["verdict"] == "in_desired_state"
    assert evidence["caller"]["account_id"] == customer.hub
    page = (repository / "customers.html").read_text(encoding="utf-8")
    assert [name for name in ("Customer A", "Customer B", *customer.accounts) if name not in page] == []


def test_evidence_fails_on_drift_after_the_upload(run: Run, repository: Path) -> None:
    """The endpoint has no Amazon S3, so this is as far as it gets."""
    run(["ansible-playbook", "-i", "customers/customer-b/accounts.yml", "evidence.yml", "--syntax-check"], "evidence")


# controller.yml


@cache
def options(module: str) -> set[str]:
    """The options of a module of awx.awx, and their aliases."""
    documentation = read_docstring_from_python_file(str(AWX / f"{module}.py"))["doc"]
    return {name for option, spec in documentation["options"].items() for name in (option, *spec.get("aliases", []))}


def test_the_controller_takes_every_setting() -> None:
    settings = read("controller.yml")
    assert settings.keys() == MODULES.keys()
    for key, module in MODULES.items():
        for item in settings[key]:
            assert item.keys() <= options(module), item["name"]


def test_job_templates_run_the_examples_playbooks_and_ask_for_nothing_that_protects() -> None:
    templates = read("controller.yml")["controller_templates"]
    playbooks = {template["playbook"] for template in templates}
    assert playbooks == {path.name for path in FOLDER.glob("*.yml")} - {"check.yml", "controller.yml", "report.yml"}
    for template in templates:
        assert not template["survey_enabled"]
        assert {key for key, value in template.items() if key.startswith("ask_") and value} == {
            "ask_job_type_on_launch"
        }
    scheduled = {schedule["unified_job_template"] for schedule in read("controller.yml")["controller_schedules"]}
    assert scheduled <= {template["name"] for template in templates}


def test_every_customer_has_an_expected_account_and_an_external_id_of_its_own() -> None:
    folders = sorted(path.name for path in (FOLDER / "customers").iterdir())
    assert folders == [customer.name for customer in CUSTOMERS]
    ((play,),) = [each["tasks"] for each in read("report.yml")]
    reports = play["wellarchitected.sharing.wa_share_report"]["reports"]
    assert [report["path"] for report in reports] == [f"{folder}.json" for folder in folders]
    for customer in CUSTOMERS:
        settings = read(f"customers/{customer.name}/group_vars/all.yml")
        assert settings["wa_share_expected_account_id"] == customer.hub
        assert {settings[f"wa_{duty}_external_id"] for duty in ("share", "accept", "audit")} == {customer.external_id}


def test_the_collections_have_versions() -> None:
    versions = {entry["name"]: entry["version"] for entry in read("collections/requirements.yml")["collections"]}
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    assert versions == {"wellarchitected.sharing": galaxy["version"], **galaxy["dependencies"]}
