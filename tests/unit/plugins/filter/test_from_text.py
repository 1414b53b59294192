# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people type into a text area becomes the list that they mean, and account IDs stay as they typed them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.wellarchitected.sharing.plugins.filter.from_text import FilterModule

from_text = FilterModule().filters()["from_text"]

ANA, DAN = "111122223333", "012345670123"  # YAML 1.1 reads the second as octal


@pytest.mark.parametrize(
    ("text", "means"),
    [
        (ANA, [ANA]),
        (DAN, [DAN]),
        (f"{ANA} {DAN}", [ANA, DAN]),
        (f"{ANA},{DAN}", [ANA, DAN]),
        (f"{ANA}, {DAN};o-abcdefghij\n", [ANA, DAN, "o-abcdefghij"]),
        (f"{ANA}\n{DAN}\n", [ANA, DAN]),
        (f"  {ANA}\n\n\t{DAN}  ", [ANA, DAN]),
        (f"{ANA}\t{DAN}\n\t{ANA}", [ANA, DAN, ANA]),
        (f"- {ANA}\n- {DAN}  # of payments\n", [ANA, DAN]),
        (f"- '{ANA}'\n- \"{DAN}\"", [ANA, DAN]),
        (f"[{ANA}, {DAN}]", [ANA, DAN]),
        (f'["{ANA}", "{DAN}"]', [ANA, DAN]),
        ("arn:aws:iam::111122223333:role/a b", ["arn:aws:iam::111122223333:role/a", "b"]),
        ("yes no null 1e3 0x10", ["yes", "no", "null", "1e3", "0x10"]),
        (
            f"- workload: Payments\n  shared_with: [{ANA}, {DAN}]\n  purge_shares: true\n",
            [{"workload": "Payments", "shared_with": [ANA, DAN], "purge_shares": "true"}],
        ),
        (
            f"- lens: Lens *\n  shared_with:\n    - principal: {DAN}\n",
            [{"lens": "Lens *", "shared_with": [{"principal": DAN}]}],
        ),
        ('[{"wa_profile": "Ana\'s", "shared_with": [012345670123]}]', [{"wa_profile": "Ana's", "shared_with": [DAN]}]),
    ],
)
def test_text_is_read_as_the_list_that_is_meant(text: str, means: list[Any]) -> None:
    assert from_text(text) == means


@pytest.mark.parametrize("value", [[], [ANA], [{"workload": "Payments"}], {"workload": "Payments"}])
def test_a_real_list_or_dictionary_is_left_as_it_is(value: Any) -> None:
    assert from_text(value, ["another"]) is value


@pytest.mark.parametrize("blank", ["", " ", "\n", " \t\n ", "# nobody yet\n"])
@pytest.mark.parametrize("default", [None, [], [ANA]])
def test_blank_text_means_the_default(blank: str, default: Any) -> None:
    assert from_text(blank, default) is default


@pytest.mark.parametrize("text", ["- [a", "a: b: c", "'open", "- a\n b: {", "a: 1\n- b", "{a: ]", "@a: b"])
def test_broken_yaml_is_an_error_that_says_where(text: str) -> None:
    with pytest.raises(AnsibleFilterError, match=r"(?s)this text is not YAML.*line \d"):
        from_text(text)


def test_no_tag_makes_anything_run() -> None:
    assert from_text("- !!python/object/apply:os.system [exit 1]") == [["exit 1"]]
