# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All tests of a worker share one process: ansible-test's fork for each takes longer than most tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from ansible_collections.wellarchitected.sharing.tests.tools import botocore_once

HERE = Path(__file__).parent
botocore_once.remember()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a test of this folder here. What it changes it puts back, by ``monkeypatch`` or a fixture."""
    if HERE not in item.path.parents:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    runtestprotocol(item, nextitem=nextitem)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True
