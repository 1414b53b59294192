# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The architecture guide and its pictures agree with import-linter's contracts, and with the files that there are."""

from __future__ import annotations

import re
from configparser import ConfigParser
from itertools import chain
from pathlib import Path
from xml.etree import ElementTree

import pytest

from .documents import ROOT

PLUGINS = ROOT / "plugins"
GUIDE = ROOT / "docs" / "docsite" / "rst" / "architecture.rst"
PICTURES = GUIDE.parent / "images"
# A heading that is the name of a layer, and what follows up to the next heading.
SECTION = re.compile(r"^``(\w+)``\n([=-])\2+\n(.*?)(?=^[^\n]+\n[=-]{3,}\n|\Z)", re.MULTILINE | re.DOTALL)
FIRST_CELL = re.compile(r"^   \* - (``[^\n]+``)$", re.MULTILINE)


def contracts() -> ConfigParser:
    parser = ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser


def layers(contract: str) -> list[list[str]]:
    """The layers of a contract from the top: each the names that stand side by side."""
    text = contracts()[f"importlinter:contract:{contract}"]["layers"]
    return [[name.strip() for name in line.split("|")] for line in text.split("\n") if line.strip()]


def floors() -> list[list[str]]:
    """All layers from the top, those of module_utils behind it."""
    return layers("plugins") + layers("floors")


def folder(layer: str) -> Path:
    """Where the files of a layer are."""
    return PLUGINS / "module_utils" / layer if layer.startswith("_") else PLUGINS / layer


def files(layer: str) -> set[str]:
    """What the guide calls the files of a layer: Python modules without their ending."""
    if layer == "module_utils":
        return set()  # It has folders only, which are layers themselves.
    return {
        path.relative_to(folder(layer)).as_posix().removesuffix(".py")
        for path in folder(layer).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def sections() -> dict[str, list[str]]:
    """The files that the guide has, by layer, in its order."""
    return {
        found[1]: [name for cell in FIRST_CELL.findall(found[3]) for name in re.findall(r"``([^`]+)``", cell)]
        for found in SECTION.finditer(GUIDE.read_text(encoding="utf-8"))
    }


def marked(picture: str, mark: str) -> list[tuple[float, str]]:
    """The texts of a picture that have this class, each with how far down it is."""
    elements = ElementTree.parse(PICTURES / picture).iter()
    return [(float(one.get("y", 0)), one.text or "") for one in elements if one.get("class") == mark]


def test_the_guide_has_the_layers_in_their_order() -> None:
    assert list(sections()) == list(chain(*floors()))


@pytest.mark.parametrize("layer", list(chain(*floors())))
def test_the_guide_has_each_file_of_a_layer_once_and_no_other(layer: str) -> None:
    assert sorted(sections()[layer]) == sorted(files(layer))


def test_every_folder_of_code_is_a_layer() -> None:
    folders = {path.name for path in PLUGINS.iterdir() if path.is_dir()} - {"doc_fragments", "__pycache__"}
    assert folders == set(chain(*layers("plugins")))
    utils = {path.name for path in (PLUGINS / "module_utils").iterdir()} - {"__pycache__"}
    assert utils == set(chain(*layers("floors")))


def test_the_picture_has_the_layers_in_their_order() -> None:
    heights = [height for height, _name in marked("architecture.svg", "layer")]
    rows = [
        [name for height, name in marked("architecture.svg", "layer") if height == row] for row in sorted(set(heights))
    ]
    assert rows == floors()


def test_the_guide_has_the_files_that_never_see_a_client() -> None:
    contract = contracts()["importlinter:contract:pure"]
    below = "ansible_collections.wellarchitected.sharing.plugins.module_utils."
    named = {name.removeprefix(below).replace(".", "/") for name in contract["source_modules"].split()}
    said = re.search(r"these never import from ``(\w+)``:(.*?)\.\n", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert said
    assert set(re.findall(r"``([^`]+)``", said[2])) == named
    assert contract["forbidden_modules"].split() == [below + said[1]]


def test_the_files_that_the_guide_and_the_run_name_exist() -> None:
    named = [name for _height, name in marked("one_run.svg", "file")]
    assert len(named) > 4
    named += re.findall(r"``((?:_modules|_engine|_aws|_model|plugin_utils)/\w+)``", GUIDE.read_text(encoding="utf-8"))
    for name in named:
        assert (folder(name.split("/")[0]).parent / f"{name}.py").is_file(), name
