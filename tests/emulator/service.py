# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the service package beside this file a service of moto's.

Everything here takes the package from this module, as `moto.wellarchitected`: imported under a second name, it would
have a second set of resources.
"""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path

import moto
from moto import backend_index
from moto.core import responses as moto_responses

NAME = "wellarchitected"


def register() -> None:
    """Let moto find the package and its URLs. Does nothing the second time."""
    folder = str(Path(__file__).resolve().parent)
    if folder not in moto.__path__:
        moto.__path__.append(folder)
    if NAME not in (name for name, _pattern in backend_index.backend_url_patterns):
        pattern = re.compile(r"https?://wellarchitected\.(.+)\.amazonaws\.com")
        backend_index.backend_url_patterns.append((NAME, pattern))
        # moto looks through the class of the responses for every request: a tenth of the time of a call.
        moto_responses.method_names_from_class = cache(moto_responses.method_names_from_class)


register()
models = importlib.import_module("moto.wellarchitected.models")
requests = importlib.import_module("moto.wellarchitected.validation")
responses = importlib.import_module("moto.wellarchitected.responses")
service_settings = importlib.import_module("moto.wellarchitected.settings")
