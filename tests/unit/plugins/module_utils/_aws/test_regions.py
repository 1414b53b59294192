# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which regions an account has to enable, and where one can ask that needs no enabling."""

from __future__ import annotations

import boto3.session
import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._aws.regions import (
    home_region,
    must_be_enabled,
    partitions_of_regions,
    regions_of_service,
)


@pytest.mark.parametrize(
    ("region", "home", "enabled_by_all"),
    [
        ("us-east-1", "us-east-1", True),
        ("eu-west-3", "us-east-1", True),
        ("ap-northeast-3", "us-east-1", True),
        ("me-south-1", "us-east-1", False),
        ("eu-south-2", "us-east-1", False),
        ("of-tomorrow-1", "us-east-1", False),
        ("us-gov-east-1", "us-gov-west-1", True),
        ("cn-northwest-1", "cn-north-1", True),
    ],
)
def test_regions(region: str, home: str, enabled_by_all: bool) -> None:
    assert home_region(region) == home
    assert must_be_enabled(region) is not enabled_by_all


def test_a_service_is_looked_for_in_every_partition() -> None:
    class Session:
        """boto3's."""

        def get_available_partitions(self) -> list[str]:
            return ["aws", "aws-cn"]

        def get_available_regions(self, service: str, partition: str) -> list[str]:
            return [f"{service} {partition} {number}" for number in (1, 2)]

    assert regions_of_service(Session(), "sts") == ["sts aws 1", "sts aws 2", "sts aws-cn 1", "sts aws-cn 2"]


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn"), ("of-tomorrow-1", None)],
)
def test_the_partition_of_a_region_is_what_botocore_says(region: str, partition: str | None) -> None:
    assert partitions_of_regions(boto3.session.Session()).get(region) == partition
