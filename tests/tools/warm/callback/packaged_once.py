# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A callback plugin: playbooks that tests run share the modules that Ansible has packaged."""

from __future__ import annotations

import hashlib
import os

from ansible import constants
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: packaged_once
type: aggregate
short_description: shares packaged modules between runs
description:
  - Ansible packages each module once a run, which takes a fifth of a second of a processor. Here it is once for all
    runs of a test session that find the same collections.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "packaged_once"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        found_in = hashlib.sha256(repr(constants.COLLECTIONS_PATHS).encode()).hexdigest()
        shared = os.path.join(os.environ["WARM_ANSIBLE"], "packaged", found_in)
        os.makedirs(shared, exist_ok=True)
        # Ansible removes its own folder at the end, and does not follow links there.
        os.symlink(shared, os.path.join(constants.DEFAULT_LOCAL_TMP, "ansiballz_cache"))
