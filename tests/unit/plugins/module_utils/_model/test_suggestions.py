# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may have been meant by a name that does not exist."""

from __future__ import annotations

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.suggestions import nearest

NAMES = ["Payments", "Payroll", "payments-old", "Ledger", "Ny"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Paymnets", ["Payments", "payments-old"]),
        ("PAYMENTS", ["Payments", "payments-old"]),
        ("payrol", ["Payroll"]),
        ("Nx", []),
        ("Something else", []),
        ("", []),
    ],
)
def test_much_alike_names_are_suggested_the_nearest_first(word: str, meant: list[str]) -> None:
    assert nearest(word, NAMES) == meant


def test_there_are_three_suggestions_at_most() -> None:
    assert nearest("Payment", [f"Payments {number}" for number in range(9)]) == [
        "Payments 8",
        "Payments 7",
        "Payments 6",
    ]


def test_the_nearest_is_found_among_thousands_that_share_fewer_letters() -> None:
    words = [f"{letter}{number:05}" for letter in "qxz" for number in range(3000)]
    assert nearest("Payments in Euro", [*words, "Payment in Euros", *words]) == ["Payment in Euros"]


def test_one_that_has_pairs_of_letters_in_common_is_found_among_many_that_have_fewer() -> None:
    """Dashes for underscores: no three letters in a row are the same, but the pairs between them are."""
    others = [f"eu-{number}{letter * 9}" for number in range(10, 30) for letter in "xyz"]
    assert nearest("eu-db-ha-qa", [*others, "eu_db_ha_qa", *others]) == ["eu_db_ha_qa"]
