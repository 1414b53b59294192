# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Sphinx's settings for the documentation. tests/tools/docs_site.py builds it.

from __future__ import annotations

import zlib
from pathlib import Path

project = "wellarchitected.sharing"
copyright = "Contributors to the wellarchitected.sharing project"
html_title = "wellarchitected.sharing"
html_short_title = html_title

extensions = ["sphinx.ext.intersphinx", "sphinx_antsibull_ext", "myst_parser"]
# Links of Markdown files to files of the repository, which are not pages here.
suppress_warnings = ["myst.xref_missing"]
myst_heading_anchors = 3
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
nitpicky = True

html_theme = "sphinx_ansible_theme"
html_show_sphinx = False
html_use_index = False
html_copy_source = False
html_static_path = ["static"]
html_css_files = ["front.css"]
html_theme_options = {"topbar_links": {}, "documentation_home_url": "index.html"}

# Where Ansible's own documentation has what ours refers to. This stands in for its inventory, which a build without a
# network cannot get. Beginning with antsibull-docs 2 these are all the labels outside of a collection that it writes.
ANSIBLE = "https://docs.ansible.com/ansible/latest/"
CONFIG = "reference_appendices/config.html"
ANSIBLE_LABELS = {
    "action_plugins": "plugins/action.html",
    "ansible_configuration_settings": CONFIG,
    "common_return_values": "reference_appendices/common_return_values.html",
    "ansible_collections.ansible.builtin.from_yaml_filter": "collections/ansible/builtin/from_yaml_filter.html",
}
ANSIBLE_VARIABLES = (
    "ANSIBLE_CACHE_PLUGIN",
    "ANSIBLE_CACHE_PLUGIN_CONNECTION",
    "ANSIBLE_CACHE_PLUGIN_PREFIX",
    "ANSIBLE_CACHE_PLUGIN_TIMEOUT",
)


def write_inventory(path: Path) -> str:
    """Write Ansible's labels as a Sphinx inventory (version 2), and return where it is."""
    lines = [f"{label} std:label -1 {page} {label}\n" for label, page in ANSIBLE_LABELS.items()]
    lines += [f"{name} std:envvar 1 {CONFIG}#envvar-{name} -\n" for name in ANSIBLE_VARIABLES]
    head = "# Sphinx inventory version 2\n# Project: Ansible\n# Version: \n# The rest is compressed with zlib.\n"
    path.write_bytes(head.encode() + zlib.compress("".join(lines).encode()))
    return str(path)


intersphinx_mapping = {"ansible": (ANSIBLE, write_inventory(Path(__file__).with_name("ansible.inv")))}
