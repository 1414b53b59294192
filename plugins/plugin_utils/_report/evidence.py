# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""Dated evidence of one run: who read what with which versions, and what was found."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml
from ansible.module_utils.ansible_release import __version__ as ansible_core_version

from .files import File
from .shape import Row

_COLLECTION = Path(__file__).parents[3]


def build_evidence(given: Mapping[str, Any], report: Row, checked_at: str, files: Iterable[File]) -> Row:
    """The content of an evidence file. ``given``: the option ``evidence``. ``files``: the report's."""
    drift, undeclared = given.get("drift"), given.get("undeclared")
    counts = {
        "drift": None if drift is None else len(drift),
        "undeclared": None if undeclared is None else len(undeclared),
    }
    return {
        "checked_at": checked_at,
        "caller": {"account_id": given.get("account_id") or "", "arn": given.get("arn") or ""},
        "versions": {
            "collection": collection_version(),
            "ansible_core": ansible_core_version,
            "botocore": _package_version("botocore"),
        },
        "job_id": given.get("job_id") or "",
        "revision": given.get("revision") or "",
        "verdict": _judge(report, drift),
        "counts": {**report["counts"], **counts},
        "read": report["owners"],
        "skipped": report["skipped"],
        "failed": report["not_read"],
        "files": {os.path.basename(file.path): hashlib.sha256(file.content).hexdigest() for file in files},
        "declaration_sha256": declaration_sha256(given["declaration"]) if "declaration" in given else "",
    }


def _judge(report: Row, drift: Any) -> str:
    if report["not_read"]:
        return "incomplete"
    if drift is None:
        return "not_compared"
    return "drift" if drift else "in_desired_state"


def declaration_sha256(declaration: Any) -> str:
    """SHA-256 of the declaration as JSON with sorted keys, without white space, in ASCII."""
    if isinstance(declaration, Mapping):
        # Releases of ansible-core differ in whether a template makes null or an empty string of what is not set.
        declaration = {key: value for key, value in declaration.items() if value not in (None, "")}
    text = json.dumps(declaration, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def collection_version() -> str:
    """The version in the file that the collection was installed or built from."""
    for name, key in (("MANIFEST.json", "collection_info"), ("galaxy.yml", None)):
        path = _COLLECTION / name
        if path.is_file():
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            return str((content[key] if key else content)["version"])
    return ""


def _package_version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
