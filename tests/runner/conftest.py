# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection as users get it: its archive, installed; and jobs that run on it as AWX runs them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from archive import build, install, unpack

from tests.emulator.testing import Emulator

from .awx import Controller


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("archive"))


@pytest.fixture(scope="session")
def collections(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collections path with the collection, installed from its archive, and amazon.aws."""
    path = tmp_path_factory.mktemp("installed") / "collections"
    install(archive, path)
    return path


@pytest.fixture(scope="session")
def project(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What AWX checks out for a project whose source is the archive."""
    path = tmp_path_factory.mktemp("project")
    unpack(archive, path)
    return path


@pytest.fixture
def endpoint() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def controller(endpoint: Emulator, collections: Path, project: Path, tmp_path: Path) -> Controller:
    return Controller(tmp_path, project, collections, endpoint)
