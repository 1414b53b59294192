# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tests are skipped without Java, which ansible-rulebook needs, but not in CI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .rulebooks import JAVA_VERSION, collections, java_version


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collections path with this collection and amazon.aws."""
    found = java_version()
    if found < JAVA_VERSION:
        missing = f"ansible-rulebook needs Java {JAVA_VERSION} or newer. Install it, such as openjdk-17-jre-headless."
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return collections(tmp_path_factory.mktemp("collections"))
