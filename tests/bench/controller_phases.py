# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run ansible-playbook and note when the controller came how far. The arguments are those of ansible-playbook.

Adds JSON objects {event, at} to the file BENCH_PHASES; `at` is of the monotonic clock, in seconds.
"""

import json
import os
import sys
import time

import ansible.plugins.action
from ansible.cli.playbook import PlaybookCLI


def note(event):
    with open(os.environ["BENCH_PHASES"], "a", encoding="utf-8") as notes:
        print(json.dumps({"event": event, "at": time.monotonic()}), file=notes)


def modify_module(*args, **kwargs):
    note("packaging")
    try:
        return package(*args, **kwargs)
    finally:
        note("packaged")


note("imported")
package = ansible.plugins.action.modify_module
ansible.plugins.action.modify_module = modify_module
sys.argv[0] = "ansible-playbook"
PlaybookCLI.cli_executor(sys.argv)
