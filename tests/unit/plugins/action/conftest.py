# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The local endpoint, and the real modules in the test's process, for actions and their modules together."""

from __future__ import annotations

from ansible_collections.wellarchitected.sharing.tests.unit.plugins.modules.conftest import (  # noqa: F401 pylint: disable=unused-import
    _running,
    clock,
    emulator,
    run,
    scene,
)
