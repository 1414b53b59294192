# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Python reads this when it starts: see warm_ansible.py."""

import os
import sys

_FOLDER = os.environ.get("WARM_ANSIBLE", "")
_PROGRAM = os.path.basename(sys.orig_argv[1]) if _FOLDER and len(sys.orig_argv) > 1 else ""

if _PROGRAM == "ansible-playbook":
    _PLUGINS = os.path.join(os.path.dirname(__file__), "callback")
    for _variable, _word, _separator in (
        ("ANSIBLE_CALLBACK_PLUGINS", _PLUGINS, os.pathsep),
        ("ANSIBLE_CALLBACKS_ENABLED", "packaged_once", ","),
    ):
        os.environ[_variable] = _separator.join(filter(None, (os.environ.get(_variable), _word)))

_SOCKET = "modules" if _PROGRAM.startswith("AnsiballZ_") else "playbooks" if _PROGRAM == "ansible-playbook" else ""

# What Ansible reads while it is imported.
_COLD = ("ANY_ERRORS_FATAL", "LOG_PATH", "NO_LOG", "POLL_INTERVAL", "STRATEGY", "TASK_TIMEOUT")

if _SOCKET and not any(f"ANSIBLE_{name}" in os.environ for name in _COLD):
    import json
    import socket

    umask = os.umask(0)
    os.umask(umask)
    words = {"argv": sys.orig_argv[1:], "environment": dict(os.environ), "folder": os.getcwd(), "umask": umask}
    text = json.dumps(words).encode()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(os.path.join(_FOLDER, _SOCKET))
        socket.send_fds(connection, [len(text).to_bytes(4, "big")], [0, 1, 2])
        connection.sendall(text)
        answer = connection.recv(1)
    os._exit(answer[0] if answer else 1)
