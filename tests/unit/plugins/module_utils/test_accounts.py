# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Regions that a task works in. Makes no calls: botocore's own data has the Regions."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._accounts import Connections
from ansible_collections.wellarchitected.sharing.plugins.module_utils._errors import InvalidInput


def connect(**params: Any) -> Connections:
    module: Any = SimpleNamespace(params={"region": "eu-west-1", **params})
    return Connections(module)


def check(listed: list[str] | None, **params: Any) -> tuple[tuple[str, ...], list[str], list[str]]:
    """The Regions, the errors, and the Regions in warnings."""
    errors: list[str] = []
    regions, warnings = connect(**params).check_regions(listed, errors)
    return regions, errors, [warning.partition("the Region ")[2].partition(".")[0] for warning in warnings]


@pytest.mark.parametrize(
    ("listed", "params", "regions", "unlisted"),
    [
        (None, {}, ("eu-west-1",), []),
        (["us-east-1", "eu-west-1", "us-east-1"], {}, ("us-east-1", "eu-west-1"), []),
        (["us-gov-west-1"], {"region": "us-gov-east-1"}, ("us-gov-west-1",), []),
        (["eu-west-9", "us-east-1"], {}, ("eu-west-9", "us-east-1"), ["eu-west-9"]),
        (["us-east-1"], {"region": "eu-west-9"}, ("us-east-1",), []),
        (["eu-west-9"], {"endpoint_url": "http://localhost"}, ("eu-west-9",), []),
    ],
)
def test_each_region_is_selected_once(
    listed: list[str] | None, params: dict[str, str], regions: tuple[str, ...], unlisted: list[str]
) -> None:
    assert check(listed, **params) == (regions, [], unlisted)


@pytest.mark.parametrize(
    ("region", "included", "excluded"),
    [("eu-west-1", "us-east-1", "us-gov-west-1"), ("us-gov-west-1", "us-gov-east-1", "us-east-1")],
)
def test_all_is_every_region_of_the_partition_with_the_service(region: str, included: str, excluded: str) -> None:
    regions, errors, unlisted = check(["all", region], region=region)
    assert (errors, unlisted) == ([], [])
    assert {region, included} <= set(regions)
    assert excluded not in regions
    assert len(set(regions)) == len(regions)
    assert "us-west-1" in regions or region != "eu-west-1"


@pytest.mark.parametrize(
    ("listed", "region", "starts"),
    [
        ([], "eu-west-1", ["regions: The list is empty."]),
        (["us-east-1", "us-est-1 "], "eu-west-1", ["regions[1]: 'us-est-1 ' is not a valid Region (did you mean 'us-"]),
        (["ALL"], "eu-west-1", ["regions[0]: 'ALL' is not a valid Region (did you mean 'all'?)."]),
        (["cn-north-1"], "eu-west-1", ["regions[0]: cn-north-1 is in the partition aws-cn, but the credentials are "]),
        (["all"], "eu-west-9", ["regions[0]: botocore does not know the Region eu-west-9, "]),
    ],
)
def test_other_regions_are_errors(listed: list[str], region: str, starts: list[str]) -> None:
    _regions, errors, _unlisted = check(listed, region=region)
    assert len(errors) == len(starts)
    assert errors[0].startswith(starts[0])


def test_a_region_is_necessary(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("AWS_REGION", "AWS_DEFAULT_REGION", "EC2_REGION"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    with pytest.raises(InvalidInput, match="No Region is set"):
        connect(region=None)
    assert Connections(SimpleNamespace(params={}), region="us-east-1").region == "us-east-1"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn"), ("eu-west-9", None)],
)
def test_the_partition_of_a_region_is_botocores(region: str, partition: str | None) -> None:
    assert connect(region=region).partition == partition
