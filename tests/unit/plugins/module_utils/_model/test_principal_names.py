# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names for principals and for lists of them: whom each means, what is shown, and what is refused with its place."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.principal_names import (
    PrincipalNames,
    parse_principal_names,
)
from ansible_collections.wellarchitected.sharing.plugins.module_utils._model.principals import parse_principal

from ..examples import ANA, ANA_ROOT, ANA_USER, BEN, CLEO, ORGANIZATION, OU, OU_ARN


def labels(names: PrincipalNames, *texts: Any) -> list[str]:
    return [principal.label for text in texts for principal in names.read(text)]


@pytest.mark.parametrize(
    ("given", "text", "shown"),
    [
        ({"payments": ANA}, "payments", [f"{ANA} (payments)"]),
        ({"payments": ANA}, ANA, [f"{ANA} (payments)"]),
        ({"payments": ANA}, ANA_ROOT, [f"{ANA_ROOT} (payments)"]),
        ({"payments": ANA}, ANA_USER, [ANA_USER]),
        ({"payments": int(ANA)}, "payments", [f"{ANA} (payments)"]),
        ({"prod": OU, "all": ORGANIZATION}, "prod", [f"{OU} (prod)"]),
        ({"prod": OU}, OU_ARN, [f"{OU_ARN} (prod)"]),
        ({"partners": ["payments", BEN], "payments": ANA}, "partners", [f"{ANA} (payments)", BEN]),
        ({"all": ["some", "some", CLEO], "some": [BEN, CLEO]}, "all", [BEN, CLEO]),
        ({"first": ANA, "second": ANA}, "second", [f"{ANA} (first)"]),
        ({"other": "payments", "payments": ANA}, "other", [f"{ANA} (payments)"]),
        ({"partners": [ANA]}, "partners", [ANA]),
        ({"nobody": []}, "nobody", []),
        ({ANA: ANA}, ANA, [ANA]),
        ({"0123": ANA}, "0123", [f"{ANA} (0123)"]),
        ({"{{ x }} %s {0}": ANA}, "{{ x }} %s {0}", [f"{ANA} ({{{{ x }}}} %s {{0}})"]),
        (None, ANA, [ANA]),
    ],
)
def test_whom_a_text_means_and_how_it_is_shown(given: Any, text: Any, shown: list[str]) -> None:
    names = parse_principal_names(given)
    assert names.faults == ()
    assert labels(names, text) == shown


def test_a_name_is_sent_to_aws_as_the_principal_was_written() -> None:
    assert [each.text for each in parse_principal_names({"a": ANA_ROOT}).read("a")] == [ANA_ROOT]


EXPECTED = ": expected a principal, a name, or a list of them, not "


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"payments": None}, f"principals.payments{EXPECTED}None"),
        ({"payments": ""}, f"principals.payments{EXPECTED}''"),
        ({"payments": {"account": ANA}}, f"principals.payments{EXPECTED}{{'account': '{ANA}'}}"),
        ({"partners": [ANA, [BEN]]}, f"principals.partners{EXPECTED}['{ANA}', ['{BEN}']]"),
        ({"partners": [ANA, "paymnts"], "payments": BEN}, "principals.partners[1]: 'paymnts' is not a principal: "),
        ({"partners": [ANA, "paymnts"], "payments": BEN}, "(did you mean 'payments'?)"),
        ({"partners": ["nobody"]}, "principals.partners[0]: 'nobody' is not a principal: "),
        ({"partners": "nobody"}, "principals.partners: 'nobody' is not a principal: "),
        ({"a": ["b"], "b": ["c"], "c": ["a"]}, "principals.a: it stands on itself (a -> b -> c -> a)"),
        ({"a": "a"}, "principals.a: it stands on itself (a -> a)"),
        ({ANA: BEN}, f"principals: '{ANA}' cannot be a name: it is empty, or an ID or ARN itself"),
        ({ORGANIZATION: ANA}, f"principals: '{ORGANIZATION}' cannot be a name"),
        ({OU: ANA}, f"principals: '{OU}' cannot be a name"),
        ({ANA_ROOT: ANA}, f"principals: '{ANA_ROOT}' cannot be a name"),
        ({"": ANA}, "principals: '' cannot be a name"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(given: Any, fault: str) -> None:
    faults = parse_principal_names(given).faults
    assert len(faults) == 1
    assert fault in faults[0]


def test_all_faults_are_told_and_none_twice() -> None:
    given = {"a": ["a"], "b": ["b2"], "b2": "b", "c": "nobody", "d": ["c", "a"], ANA: BEN, "good": CLEO}
    names = parse_principal_names(given)
    assert sorted(fault.partition(":")[0] for fault in names.faults) == [
        "principals",
        "principals.a",
        "principals.b",
        "principals.c",
    ]
    assert labels(names, "a", "b", "c", "d", "good") == [f"{CLEO} (good)"]


def test_a_long_chain_of_names_is_followed_to_its_end() -> None:
    names = parse_principal_names({f"n{number}": [f"n{number + 1}"] for number in range(3000)} | {"n3000": [ANA]})
    assert labels(names, "n0") == [ANA]


class TestPartitions:
    @pytest.mark.parametrize("text", [ANA_ROOT, ANA_USER, OU_ARN])
    def test_an_arn_of_another_is_refused(self, text: str) -> None:
        for read in (PrincipalNames("aws-us-gov").read, lambda text: parse_principal(text, "aws-us-gov")):
            with pytest.raises(ValueError, match="is in the partition aws, but this task works in aws-us-gov: nothing"):
                read(text)
        assert PrincipalNames("aws").read(text)
        assert PrincipalNames(None).read(text)

    @pytest.mark.parametrize("text", [ANA, ORGANIZATION, OU])
    def test_a_bare_id_fits_any(self, text: str) -> None:
        assert PrincipalNames("aws-us-gov").read(text)

    def test_a_named_one_is_refused_where_it_is_named(self) -> None:
        (fault,) = parse_principal_names({"payments": ANA_ROOT}, "aws-us-gov").faults
        assert fault.startswith(f"principals.payments: '{ANA_ROOT}' is in the partition aws")
